package io.forebay.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.ReadResult;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import io.forebay.testkit.CallLedger;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.FaultySegmentFiles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that fail, buckets that do not answer, volumes that are full, writers that forget. */
@Timeout(60)
class FileFaultTest {
  @TempDir Path directory;
  private final FaultySegmentFiles disk = new FaultySegmentFiles();
  private final AtomicReference<FaultyObjectStore> bucket = new AtomicReference<>();
  private StoredVolume volume;
  private InodeId file;

  @BeforeEach
  void make() {
    volume =
        new StoredVolume(
            directory,
            FileLimits.defaults(1L << 30),
            disk,
            store -> {
              FaultyObjectStore faulty = new FaultyObjectStore(store);
              bucket.set(faulty);
              return faulty;
            });
    file =
        fs().createFile(
                Caller.ROOT,
                InodeId.ROOT,
                FileName.of("f"),
                CreateMode.GUARDED,
                AttributeChanges.mode(0644))
            .attributes()
            .inode();
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private FileSystem fs() {
    return volume.fileSystem(Durability.LOCAL);
  }

  private OpenFile open(Durability level) {
    return volume
        .fileSystem(level)
        .open(Caller.ROOT, file, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
  }

  private static void write(OpenFile open, long offset, String text) {
    open.write(offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Stability.UNSTABLE);
  }

  private static String text(OpenFile open) {
    try (ReadResult result = open.read(0, 1000)) {
      return new String(result.payload().toBytes(), StandardCharsets.UTF_8);
    }
  }

  private String committed() {
    try (OpenFile open = open(Durability.LOCAL)) {
      return text(open);
    }
  }

  private static ErrorCode refusal(Runnable operation) {
    EngineException refused = catchThrowableOfType(EngineException.class, operation::run);
    assertThat(refused).as("not refused").isNotNull();
    return refused.code();
  }

  @Test
  void aFailedCommitSaysSoAndLeavesEverythingUncommitted() {
    OpenFile open = open(Durability.LOCAL);
    write(open, 0, "old");
    open.commit();
    write(open, 0, "new and longer");
    disk.fail(FaultySegmentFiles.Operation.FORCE, 1);
    assertThat(refusal(open::commit)).isEqualTo(ErrorCode.IO);
    assertThat(text(open)).isEqualTo("new and longer");
    assertThat(fs().attributes(file).size()).isEqualTo(14);
    volume.crash();
    assertThat(committed()).isEqualTo("old");
  }

  @Test
  void whatADiskFailedToKeepIsWrittenElsewhereForTheNextCommit() {
    OpenFile open = open(Durability.LOCAL);
    write(open, 0, "0123456789");
    write(open, 3, "abc");
    disk.fail(FaultySegmentFiles.Operation.FORCE, 1);
    assertThat(refusal(open::commit)).isEqualTo(ErrorCode.IO);
    open.commit();
    assertThat(text(open)).isEqualTo("012abc6789");
    volume.crash();
    assertThat(committed()).isEqualTo("012abc6789");
  }

  @Test
  void aFailedTruncationChangesNothing() {
    OpenFile open = open(Durability.LOCAL);
    write(open, 0, "0123456789");
    disk.fail(FaultySegmentFiles.Operation.FORCE, 1);
    assertThat(refusal(() -> fs().setAttributes(Caller.ROOT, file, AttributeChanges.size(3))))
        .isEqualTo(ErrorCode.IO);
    assertThat(text(open)).isEqualTo("0123456789");
    fs().setAttributes(Caller.ROOT, file, AttributeChanges.size(3));
    assertThat(text(open)).isEqualTo("012");
  }

  @Test
  void aFailedWriteWritesNothing() {
    OpenFile open = open(Durability.LOCAL);
    write(open, 0, "old");
    disk.fail(FaultySegmentFiles.Operation.WRITE, 1);
    assertThat(refusal(() -> write(open, 0, "new"))).isEqualTo(ErrorCode.IO);
    assertThat(text(open)).isEqualTo("old");
    write(open, 0, "NEW");
    open.commit();
    volume.crash();
    assertThat(committed()).isEqualTo("NEW");
  }

  @Test
  void whoWaitsForTheBucketHoldsNobodyElseUp() throws Exception {
    FaultyObjectStore.Gate gate = bucket.get().hold(CallLedger.Call.PUT, 1);
    OpenFile durable = open(Durability.BUCKET);
    write(durable, 0, "for the bucket");
    CompletableFuture<Void> commit = CompletableFuture.runAsync(durable::commit);
    gate.awaitArrivals(1);
    write(durable, 0, "F");
    assertThat(text(durable)).isEqualTo("For the bucket");
    fs().setAttributes(Caller.ROOT, file, AttributeChanges.mode(0600));
    fs().rename(Caller.ROOT, InodeId.ROOT, FileName.of("f"), InodeId.ROOT, FileName.of("g"));
    assertThat(commit).isNotDone();
    gate.open();
    commit.get(30, TimeUnit.SECONDS);
    assertThat(text(durable)).isEqualTo("For the bucket");
    volume.crash();
    assertThat(committed()).isEqualTo("for the bucket");
  }

  @Test
  void aFullVolumeTakesNoMore() {
    OpenFile open = open(Durability.LOCAL);
    write(open, 0, "0123456789");
    volume.capacity(15);
    assertThat(refusal(() -> write(open, 10, "0123456789"))).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(fs().statistics().freeBytes()).isEqualTo(5);
    write(open, 10, "01234");
    assertThat(fs().statistics().freeBytes()).isZero();
    fs().setAttributes(Caller.ROOT, file, AttributeChanges.size(0));
    volume.clock().advance(Duration.ofSeconds(2));
    write(open, 0, "01234");
  }

  @Test
  void whatNobodyCommitsIsCommittedAfterAWhile() {
    try (OpenFile open = open(Durability.LOCAL)) {
      write(open, 0, "forgotten");
    }
    volume.layer().runOnce();
    assertThat(volume.layer().files().totals().extents()).isEqualTo(1);
    volume.clock().advance(Duration.ofSeconds(6));
    volume.layer().runOnce();
    assertThat(volume.layer().files().totals().extents()).isZero();
    assertThat(volume.layer().files().all()).noneMatch(LiveFile::isDirty);
    volume.crash();
    assertThat(committed()).isEqualTo("forgotten");
  }

  @Test
  void whatCannotBeCommittedInTheBackgroundIsAProblemUntilItIs() {
    try (OpenFile open = open(Durability.LOCAL)) {
      write(open, 0, "text");
    }
    disk.fail(FaultySegmentFiles.Operation.FORCE, 1);
    volume.clock().advance(Duration.ofSeconds(6));
    volume.layer().runOnce();
    assertThat(volume.layer().problems()).hasSize(1);
    assertThat(committed()).isEqualTo("text");
    volume.layer().runOnce();
    assertThat(volume.layer().problems()).isEmpty();
  }

  @Test
  void theUncommittedWritesOfARemovedFileAreDropped() {
    try (OpenFile open = open(Durability.LOCAL)) {
      write(open, 0, "text");
    }
    fs().remove(Caller.ROOT, InodeId.ROOT, FileName.of("f"), RemoveKind.FILE);
    assertThat(volume.layer().files().totals().extents()).isZero();
    assertThat(volume.layer().files().all()).noneMatch(LiveFile::isDirty);
    volume.layer().commitAll();
  }

  @Test
  void aLastCloseDropsTheUncommittedWritesOfAnUnlinkedFile() {
    OpenFile open = open(Durability.LOCAL);
    fs().remove(Caller.ROOT, InodeId.ROOT, FileName.of("f"), RemoveKind.FILE);
    write(open, 0, "text");
    assertThat(text(open)).isEqualTo("text");
    open.close();
    assertThat(volume.layer().files().all()).noneMatch(LiveFile::isDirty);
    assertThat(volume.layer().files().totals().bytes()).isZero();
    FileRaceTest.deleteAll(volume);
    assertThat(volume.metadata().usage().inodes()).isEqualTo(1);
  }

  @Test
  void whileStoppingNothingIsChanged() {
    OpenFile open = open(Durability.LOCAL);
    write(open, 0, "text");
    volume.layer().stopWrites();
    assertThat(refusal(() -> write(open, 0, "x"))).isEqualTo(ErrorCode.SHUTTING_DOWN);
    assertThat(
            refusal(
                () -> fs().remove(Caller.ROOT, InodeId.ROOT, FileName.of("f"), RemoveKind.FILE)))
        .isEqualTo(ErrorCode.SHUTTING_DOWN);
    open.commit();
    assertThat(text(open)).isEqualTo("text");
  }
}
