package io.forebay.engine.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.GarbageReport;
import io.forebay.engine.InodeId;
import io.forebay.engine.Progress;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole engines on one bucket, with the machine's own clock. */
@Timeout(120)
class OneOwnerTest {
  @TempDir private Path home;

  private Engine open(Path data) {
    return EngineWiring.open(
        EngineConfig.defaults(data, home.resolve("bucket").toUri()),
        TimeSource.system(),
        new SecureRandom(),
        new SimpleMeterRegistry());
  }

  private static void create(Engine engine, String name) {
    var unused =
        engine
            .fileSystem(Durability.LOCAL)
            .createFile(
                Caller.ROOT,
                InodeId.ROOT,
                FileName.of(name),
                CreateMode.GUARDED,
                AttributeChanges.mode(0644));
  }

  private String lease() throws IOException {
    return Files.readString(home.resolve("bucket").resolve("lease"));
  }

  @Test
  void eachStartHasAnEpochAndAStopGivesTheLeaseBack() throws IOException {
    Path data = home.resolve("data");
    for (int start = 1; start <= 3; start++) {
      try (Engine engine = open(data)) {
        create(engine, "f" + start);
        assertThat(lease()).contains("epoch " + start + "\n").contains("state held");
      }
      assertThat(lease()).contains("epoch " + start + "\n").contains("state released");
    }
  }

  @Test
  void theCopyOfADataDirectoryIsRefusedAndToldWhoHasTheVolume() throws IOException {
    Path data = home.resolve("data");
    open(data).close();
    Path copy = home.resolve("copy");
    copyTree(data, copy);
    try (Engine engine = open(data)) {
      assertThatThrownBy(() -> open(copy))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED))
          .hasMessageContaining("is held by gateway")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      create(engine, "still");
      assertThat(engine.problems()).isEmpty();
    }
  }

  @Test
  void garbageIsToldWithoutBeingTouched() {
    try (Engine engine = open(home.resolve("data"))) {
      create(engine, "f");
      engine.drain(Duration.ofSeconds(10));
      GarbageReport told = engine.collectGarbage(true, Progress.NONE);
      assertThat(told.dryRun()).isTrue();
      assertThat(told.failure()).isEmpty();
      assertThat(told.orphans()).isZero();
      assertThat(engine.compact(true, Progress.NONE).segments()).isZero();
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.forEach(each -> {
        try {
          Files.copy(each, to.resolve(from.relativize(each).toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }
}
