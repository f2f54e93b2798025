package io.forebay.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.ByteRange;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Stability;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.segment.SegmentState;
import io.forebay.testkit.CountingShippedLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an open file waits for before it answers, by the level of its view. */
@Timeout(60)
class AcknowledgedFileTest {
  private static final ByteRange RANGE = new ByteRange(0, 4);

  @TempDir Path directory;
  private final CountingShippedLog log = new CountingShippedLog();
  private StoredVolume volume;

  @BeforeEach
  void make() {
    volume = new StoredVolume(directory);
    volume.metadata().shippedBy(log);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private OpenFile open(String name, Durability level) {
    InodeId file =
        volume
            .fileSystem(level)
            .createFile(
                Caller.ROOT,
                InodeId.ROOT,
                FileName.of(name),
                CreateMode.UNCHECKED,
                AttributeChanges.mode(0644))
            .attributes()
            .inode();
    return volume
        .fileSystem(level)
        .open(Caller.ROOT, file, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
  }

  private static void write(OpenFile file, Stability stability) {
    file.write(0, ByteBuffer.wrap("0123456789".getBytes(StandardCharsets.UTF_8)), stability);
  }

  private int waits(Runnable operation) {
    int before = log.takeWaits();
    assertThat(before).as("left over").isZero();
    operation.run();
    return log.takeWaits();
  }

  private void assertEachWaits(OpenFile file, OpenFile source, int times) {
    assertThat(waits(() -> write(file, Stability.UNSTABLE))).as("write").isZero();
    assertThat(waits(file::commit)).as("commit").isEqualTo(times);
    assertThat(waits(() -> write(file, Stability.DURABLE))).as("write").isEqualTo(times);
    assertThat(waits(() -> file.allocate(new ByteRange(0, 100)))).as("alloc").isEqualTo(times);
    assertThat(waits(() -> file.punch(RANGE))).as("punch").isEqualTo(times);
    assertThat(waits(() -> file.copyFrom(source, RANGE, 20, 100))).as("copy").isEqualTo(times);
  }

  @Test
  void withDurabilityBucketEveryPromiseWaitsForTheLog() {
    try (OpenFile source = open("source", Durability.LOCAL);
        OpenFile file = open("file", Durability.BUCKET)) {
      write(source, Stability.DURABLE);
      assertEachWaits(file, source, 1);
    }
  }

  @Test
  void withDurabilityLocalNothingWaitsForTheLog() {
    try (OpenFile source = open("source", Durability.LOCAL);
        OpenFile file = open("file", Durability.LOCAL)) {
      write(source, Stability.DURABLE);
      assertEachWaits(file, source, 0);
    }
  }

  @Test
  void whatIsSharedWithAFileOfALowerLevelIsInTheBucketBeforeTheAnswer() {
    try (OpenFile source = open("source", Durability.LOCAL);
        OpenFile file = open("file", Durability.BUCKET)) {
      write(source, Stability.DURABLE);
      file.copyFrom(source, RANGE, 0, 100);
      List<Extent> shared =
          volume
              .metadata()
              .read(
                  snapshot -> snapshot.extents().overlapping(file.inode(), 0, Long.MAX_VALUE, 10));
      assertThat(shared)
          .isNotEmpty()
          .allSatisfy(extent ->
              assertThat(volume.metadata().ledger().find(extent.slice().segment()))
                  .hasValueSatisfying(
                      row -> assertThat(row.state()).isEqualTo(SegmentState.STORED)));
    }
  }
}
