package io.forebay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.gateway.cli.ExitCode;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DataDirectoryTest {
  @TempDir Path directory;

  @Test
  void aNewDirectoryIsForItsOwnerOnly() throws Exception {
    Path data = directory.resolve("a/b");
    try (DataDirectory _ = DataDirectory.lock(data, 1)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void twoOfOneProcessNeverShareADirectory() throws Exception {
    try (DataDirectory _ = DataDirectory.lock(directory, 4711)) {
      assertThatThrownBy(() -> DataDirectory.lock(directory, 4712))
          .isInstanceOfSatisfying(
              StartFailedException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA_DIRECTORY))
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("in use by process 4711");
    }
    DataDirectory.lock(directory, 4713).close();
  }

  /** Takes a lock as another process would, says so, and waits to be killed. */
  static final class Holder {
    public static void main(String[] arguments) throws Exception {
      try (DataDirectory _ = DataDirectory.lock(Path.of(arguments[0]), 4711)) {
        System.out.println("locked");
        System.in.read();
      }
    }
  }

  @Test
  void twoProcessesNeverShareADirectoryAndADeadOneHoldsNothing() throws Exception {
    Process other =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dlogback.statusListenerClass="
                        + "ch.qos.logback.core.status.NopStatusListener",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Holder.class.getName(),
                    directory.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = other.inputReader()) {
      assertThat(said.readLine()).isEqualTo("locked");
      assertThatThrownBy(() -> DataDirectory.lock(directory, 1))
          .isInstanceOf(StartFailedException.class)
          .hasMessageContaining("in use by process 4711");
      other.destroyForcibly().waitFor();
      DataDirectory.lock(directory, 1).close();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aDirectoryThatCannotBeUsedIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");

    for (Path unusable : List.of(file, file.resolve("below"))) {
      assertThatThrownBy(() -> DataDirectory.lock(unusable, 1))
          .isInstanceOfSatisfying(
              StartFailedException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA_DIRECTORY))
          .hasMessageContaining(unusable.toString())
          .hasMessageContaining("--data");
    }
  }

  @Test
  void endpointsStandThereWhileTheProcessServes() throws Exception {
    Path endpoints = directory.resolve("run/endpoints.json");
    try (DataDirectory data = DataDirectory.lock(directory, 1)) {
      assertThat(endpoints).doesNotExist();
      data.publish("{}\n");
      assertThat(endpoints).hasContent("{}");
      data.publish("{\"again\":1}\n");
      assertThat(endpoints).hasContent("{\"again\":1}");
    }
    assertThat(endpoints).doesNotExist();
  }

  @Test
  void endpointsOfAProcessThatDiedAreNotBelieved() throws Exception {
    Files.createDirectories(directory.resolve("run"));
    Path endpoints = Files.writeString(directory.resolve("run/endpoints.json"), "{\"old\":1}");

    try (DataDirectory _ = DataDirectory.lock(directory, 1)) {
      assertThat(endpoints).doesNotExist();
    }
  }
}
