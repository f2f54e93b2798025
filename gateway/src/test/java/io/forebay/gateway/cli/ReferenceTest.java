package io.forebay.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.config.ConfigReader;
import io.forebay.gateway.config.GatewayConfig;
import io.forebay.gateway.config.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents in the repository are what the table says today. */
class ReferenceTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path directory;

  @Test
  void theReferenceIsTheTable() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/configuration.md")))
        .as("generate it: ./forebay config reference > docs/configuration.md")
        .isEqualTo(Reference.markdown());
  }

  @Test
  void theSampleFileIsTheTable() throws IOException {
    assertThat(Files.readString(ROOT.resolve("packaging/forebay.toml")))
        .as("generate it: ./forebay config sample > packaging/forebay.toml")
        .isEqualTo(Reference.sampleFile());
  }

  @Test
  void theReferenceNamesEverySpellingOfEveryOptionAndEveryExitCode() {
    String text = Reference.markdown();
    for (Option<?> option : Option.all()) {
      assertThat(text).contains("\n### " + option.key() + "\n", "`" + option.variable() + "`");
      option.flag().ifPresent(flag -> assertThat(text).contains("`" + flag + "`"));
    }
    for (ExitCode code : ExitCode.values()) {
      assertThat(text).contains("\n| " + code.number() + " | " + code.meaning() + " |");
    }
  }

  @Test
  void theSampleFileChangesNothing() throws Exception {
    Path sample = Files.writeString(directory.resolve("forebay.toml"), Reference.sampleFile());

    assertThat(ConfigReader.read(Optional.of(sample), Map.of(), Map.of()))
        .isEqualTo(ConfigReader.read(Optional.empty(), Map.of(), Map.of()));
  }

  @Test
  void theSampleFileIsRightWithEveryKeyTakenIn() throws Exception {
    String everything = Reference.sampleFile().replaceAll("(?m)^#([a-z_]+ = )", "$1");
    Path sample = Files.writeString(directory.resolve("forebay.toml"), everything);

    GatewayConfig config = ConfigReader.read(Optional.of(sample), Map.of(), Map.of());

    assertThat(everything.lines().filter(line -> line.matches("[a-z_]+ = .*")))
        .hasSameSizeAs(Option.all());
    GatewayConfig defaults = ConfigReader.read(Optional.empty(), Map.of(), Map.of());
    assertThat(config.nfs()).isEqualTo(defaults.nfs());
    assertThat(config.admin()).isEqualTo(defaults.admin());
    assertThat(config.engine().stagingBytes()).isEqualTo(defaults.engine().stagingBytes());
    assertThat(config.rootKey()).isPresent();
  }
}
