package io.forebay.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.gateway.config.Option;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineReaderTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Invocation read(String... arguments) {
    return new CommandLineReader("1.2.3", stream(out), stream(err)).read(arguments);
  }

  private static PrintStream stream(ByteArrayOutputStream target) {
    return new PrintStream(target, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  @Test
  void serveTakesFlagsInEitherSpelling() {
    Invocation invocation =
        read("serve", "--nfs-port", "0", "--bucket-url=s3://b/p?region=x", "--config", "a.toml");

    assertThat(invocation)
        .isInstanceOfSatisfying(
            Invocation.Serve.class,
            serve -> {
              assertThat(serve.config()).contains(Path.of("a.toml"));
              assertThat(serve.flags().get(Option.NFS_PORT)).isEqualTo(List.of("0"));
              assertThat(serve.flags().get(Option.BUCKET_URL))
                  .isEqualTo(List.of("s3://b/p?region=x"));
              assertThat(serve.flags()).hasSize(2);
            });
    assertThat(text(err)).isEmpty();
  }

  @Test
  void aListsFlagMayBeRepeated() {
    Invocation invocation =
        read("serve", "--nfs-exports", "/a *(rw,ro)", "--nfs-exports", "/b *", "--s3-port=1");

    assertThat(invocation)
        .isInstanceOfSatisfying(
            Invocation.Serve.class,
            serve ->
                assertThat(serve.flags().get(Option.NFS_EXPORTS))
                    .isEqualTo(List.of("/a *(rw,ro)", "/b *")));
  }

  @Test
  void aMistakeIsOneLineAndWhereToLook() {
    for (String[] wrong :
        List.of(
            new String[] {},
            new String[] {"serve", "--nfs-prot", "1"},
            new String[] {"serve", "--nfs-port"},
            new String[] {"serve", "--nfs-port", "1", "--nfs-port", "2"},
            new String[] {"serve", "surplus"},
            new String[] {"serve", "--root-secret-key", "x"},
            new String[] {"server"},
            new String[] {"config"},
            new String[] {"config", "nonsense"})) {
      err.reset();
      assertThat(read(wrong)).isEqualTo(new Invocation.Answered(ExitCode.USAGE));
      assertThat(text(err)).as(String.join(" ", wrong)).contains("--help").hasLineCount(2);
    }
    assertThat(text(out)).isEmpty();
  }

  @Test
  void helpNamesEveryFlag() {
    assertThat(read("serve", "--help")).isEqualTo(new Invocation.Answered(ExitCode.OK));

    for (Option<?> option : Option.all()) {
      option.flag().ifPresent(flag -> assertThat(text(out)).contains(flag + "="));
    }
    assertThat(text(out)).contains("--config=FILE").doesNotContain("secret-key=");
  }

  @Test
  void versionIsPrinted() {
    assertThat(read("--version")).isEqualTo(new Invocation.Answered(ExitCode.OK));
    assertThat(text(out)).isEqualTo("forebay 1.2.3\n");
  }

  @Test
  void helpNamesTheCommands() {
    assertThat(read("--help")).isEqualTo(new Invocation.Answered(ExitCode.OK));
    assertThat(text(out)).contains("serve").contains("config");
  }

  @Test
  void configPrintsTheDocuments() {
    assertThat(read("config", "reference")).isEqualTo(new Invocation.Answered(ExitCode.OK));
    assertThat(text(out)).isEqualTo(Reference.markdown());
    out.reset();
    assertThat(read("config", "sample")).isEqualTo(new Invocation.Answered(ExitCode.OK));
    assertThat(text(out)).isEqualTo(Reference.sampleFile());
  }
}
