package io.forebay.engine.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.Payload;
import io.forebay.engine.assembly.CrashingWriter.Opened;
import io.forebay.engine.cache.SegmentReader.Data;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.engine.cache.SegmentReader.Piece;
import io.forebay.engine.metadata.Extent;
import io.forebay.testkit.Seeds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process, killed with SIGKILL again and again; whatever it answered is there afterwards.
 */
@Timeout(120)
class KilledProcessTest {
  private static final int CYCLES = 3;
  private final Random random = Seeds.random("KilledProcessTest");
  @TempDir private Path home;

  @Test
  void whatAKilledProcessAnsweredIsThere() throws Exception {
    List<InodeId> answered = new ArrayList<>();
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      int before = answered.size();
      runAndKill(answered);
      assertThat(answered).as("answers of cycle %d", cycle).hasSizeGreaterThan(before);
      try (Opened opened = Opened.in(home)) {
        assertThat(opened.plane().problems()).isEmpty();
        verify(opened, answered);
        if (cycle == CYCLES - 1) {
          assertThat(opened.plane().drain(Duration.ofSeconds(20))).isTrue();
          verify(opened, answered);
          assertThat(opened.metadata().ledger().unstored()).isEmpty();
          long bytes = answered.stream().mapToLong(id -> CrashingWriter.contentOf(id).length).sum();
          assertThat(opened.metadata().usage().bytes()).isGreaterThanOrEqualTo(bytes);
        }
      }
    }
    System.out.println("KilledProcessTest: " + answered.size() + " files survived");
  }

  private void runAndKill(List<InodeId> answered) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dforebay.test.log=OFF",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingWriter.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      String first = lines.readLine();
      assertThat(first).as("the process's first answer").isNotNull();
      take(first, answered);
      assertThatThrownBy(() -> Opened.openMetadata(home))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
      Thread killer =
          Thread.startVirtualThread(() -> {
            LockSupport.parkNanos(Duration.ofMillis(200 + random.nextInt(800)).toNanos());
            // By its handle: Process itself would close the stream that is being read.
            assertThat(process.toHandle().destroyForcibly()).isTrue();
          });
      lines.lines().forEach(line -> take(line, answered));
      killer.join();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static void take(String line, List<InodeId> answered) {
    if (line.matches("answered \\d+\\.")) {
      String number = line.substring("answered ".length(), line.length() - 1);
      answered.add(new InodeId(Long.parseLong(number)));
    }
  }

  private static void verify(Opened opened, List<InodeId> answered) {
    for (InodeId inode : answered) {
      byte[] expected = CrashingWriter.contentOf(inode);
      assertThat(opened.metadata().inode(inode)).as(inode.toString()).isPresent();
      List<Extent> extents =
          opened.metadata().read(s -> s.extents().overlapping(inode, 0, Long.MAX_VALUE, 1000));
      List<Piece> pieces = new ArrayList<>();
      extents.forEach(extent -> pieces.add(new Data(extent.slice())));
      try (Payload payload = opened.plane().reader().read(pieces, Intent.RANDOM)) {
        assertThat(Arrays.equals(payload.toBytes(), expected)).as(inode.toString()).isTrue();
      }
    }
  }
}
