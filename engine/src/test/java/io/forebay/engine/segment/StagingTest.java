package io.forebay.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.engine.segment.Machine.Written;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.FaultyLedger;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.FaultySegmentFiles.Operation;
import io.forebay.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of segments from the first append to the bucket, and all that may come in between. */
@Timeout(60)
class StagingTest {
  @TempDir private Path home;
  private final Random random = Seeds.random("StagingTest");
  private Machine machine;

  @BeforeEach
  void start() throws IOException {
    machine = new Machine(home, random).start();
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private byte[] bytes(int length) {
    return Seeds.bytes(random, length);
  }

  // --- append, sync, seal, upload

  @Test
  void appendedBytesCanBeReadAtOnceAndAreInTheBucketInTheEnd() throws IOException {
    Written small = machine.append(machine.staging().open(-1), bytes(5000));
    machine.assertReadable(small);
    machine.staging().sync(small.segments());
    machine.commit(small);
    machine.unpin(small);

    machine.drain();

    machine.assertStored(small);
    machine.assertReadable(small);
    assertThat(machine.stagedFiles()).isEmpty();
    assertThat(machine.staging().stagedBytes()).isZero();
    assertThat(machine.problems.list()).isEmpty();
  }

  @Test
  void smallWritersShareASegment() {
    Written one = machine.write(bytes(1000));
    Written two = machine.write(bytes(1000));
    assertThat(one.segments()).isEqualTo(two.segments());
    machine.drain();
    assertThat(machine.store.ledger().count(Call.PUT)).isEqualTo(1);
  }

  @Test
  void aLargeWriterHasSegmentsOfItsOwnAndItsDataIsContiguous() throws IOException {
    try (AppendStream large = machine.staging().open(2 << 20)) {
      Written one = machine.write(large, bytes(Machine.SEGMENT_BYTES - 1000));
      Written small = machine.write(bytes(1000));
      Written two = machine.write(large, bytes(3000));
      assertThat(one.runs()).hasSize(1);
      assertThat(small.segments()).doesNotContainAnyElementsOf(one.segments());
      assertThat(two.runs()).hasSize(2);
      assertThat(two.runs().getFirst().slice().offset()).isEqualTo(Machine.SEGMENT_BYTES - 1000);
      machine.drain();
      for (Written each : List.of(one, small, two)) {
        machine.assertStored(each);
      }
    }
  }

  @Test
  void anAppendLargerThanASegmentIsLaidDownInSeveral() throws IOException {
    Written written = machine.write(bytes(3 * Machine.SEGMENT_BYTES + 17));
    assertThat(written.runs()).hasSize(4);
    machine.drain();
    machine.assertStored(written);
  }

  @Test
  void aSegmentIsSealedWhenItsFirstAppendHasWaitedForTheDelay() throws IOException {
    machine.close();
    machine = new Machine(home.resolve("other"), random);
    machine.uploadDelay = Duration.ofMillis(1);
    machine.start();
    Written written = machine.write(bytes(100));
    machine.settle();
    machine.assertStored(written);
  }

  @Test
  void concurrentSyncsShareForces() throws Exception {
    List<CompletableFuture<Written>> writes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      byte[] bytes = bytes(100);
      CompletableFuture<Written> done = new CompletableFuture<>();
      writes.add(done);
      Thread.startVirtualThread(() -> {
        try {
          done.complete(machine.write(bytes));
        } catch (RuntimeException e) {
          done.completeExceptionally(e);
        }
      });
    }
    for (CompletableFuture<Written> each : writes) {
      machine.assertReadable(each.get(30, TimeUnit.SECONDS));
    }
    machine.drain();
    for (CompletableFuture<Written> each : writes) {
      machine.assertStored(each.get());
    }
  }

  @Test
  void storeReturnsWhenTheSegmentsAreInTheBucket() throws IOException {
    Written written = machine.append(machine.staging().open(-1), bytes(100_000));
    machine.staging().sync(written.segments());
    machine.staging().store(written.segments());
    assertThat(machine.bucket.keys())
        .containsExactly(SegmentFormat.objectKey(written.segments().getFirst()));
    // The row comes with the commit, later.
    machine.commit(written);
    machine.unpin(written);
    Machine.awaitTrue(() -> {
      machine.staging().runOnce();
      return !machine.staging().knows(written.segments().getFirst());
    });
    machine.assertStored(written);
  }

  @Test
  void anUploadBeforeACommitThatNeverComesLeavesNothing() {
    Written written = machine.append(machine.staging().open(-1), bytes(1000));
    machine.staging().sync(written.segments());
    machine.staging().store(written.segments());
    machine.unpin(written);
    Machine.awaitTrue(() -> {
      machine.staging().runOnce();
      return !machine.staging().knows(written.segments().getFirst());
    });
    assertThat(machine.bucket.keys()).isEmpty();
    assertThat(machine.handover.dropped).isEqualTo(written.segments());
  }

  @Test
  void whatNobodyWantsAnyMoreIsNeverUploaded() {
    Written written = machine.write(bytes(1000));
    machine.delete(written);
    machine.drain();
    assertThat(machine.bucket.keys()).isEmpty();
    assertThat(machine.row(written.segments().getFirst()).state()).isEqualTo(SegmentState.DEAD);
  }

  // --- the bucket fails

  @Test
  void failedUploadsAreRetriedForEverAndSayingSo() throws IOException {
    machine.store.fail(Call.PUT, Kind.DOWN, FaultyObjectStore.FOREVER);
    Written written = machine.write(bytes(1000));
    assertThat(machine.staging().drain(Duration.ofMillis(300))).isFalse();
    assertThat(machine.problems.list()).singleElement().asString().contains("uploads to memory");
    machine.assertReadable(written);

    machine.store.heal();
    machine.drain();
    machine.assertStored(written);
    assertThat(machine.problems.list()).isEmpty();
  }

  @Test
  void anUploadWhoseAnswerWasLostIsRepeated() throws IOException {
    machine.store.failAfterwards(Call.PUT, Kind.AMBIGUOUS, 2);
    Written written = machine.write(bytes(1000));
    machine.drain();
    machine.assertStored(written);
  }

  @Test
  void storeGivesUpOnABucketThatHangsWhenStagingIsClosed() throws Exception {
    FaultyObjectStore.Gate gate = machine.store.hold(Call.PUT, FaultyObjectStore.FOREVER);
    Written written = machine.append(machine.staging().open(-1), bytes(1000));
    machine.staging().sync(written.segments());
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        machine.staging().store(written.segments());
        outcome.complete(new AssertionError("stored"));
      } catch (RuntimeException e) {
        outcome.complete(e);
      }
    });
    gate.awaitArrivals(1);
    machine.staging().close();
    assertThat(outcome.get(5, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
  }

  @Test
  void drainingIsPatientForAsLongAsItWasTold() {
    FaultyObjectStore.Gate gate = machine.store.hold(Call.PUT, FaultyObjectStore.FOREVER);
    machine.write(bytes(1000));
    long before = System.nanoTime();
    assertThat(machine.staging().drain(Duration.ofMillis(200))).isFalse();
    assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(3));
    gate.open();
  }

  // --- the metadata fails

  @Test
  void aSealThatCannotBeRecordedLosesNothing() throws IOException {
    Written written = machine.write(bytes(1000));
    machine.ledger.fail(FaultyLedger.Call.SEALED, 3);
    machine.drain();
    assertThat(machine.ledger.failuresLeft(FaultyLedger.Call.SEALED)).isZero();
    machine.assertStored(written);
    machine.assertReadable(written);
  }

  @Test
  void anUploadThatCannotBeRecordedIsRecordedLater() throws IOException {
    Written written = machine.write(bytes(1000));
    machine.ledger.fail(FaultyLedger.Call.STORED, 3);
    machine.drain();
    machine.assertStored(written);
    machine.assertReadable(written);
    assertThat(machine.problems.list()).isEmpty();
  }

  @Test
  void aLossThatCannotBeRecordedKeepsTheDamagedFileAndIsRecordedLater() throws IOException {
    Written written = machine.write(bytes(1000));
    flip(written);
    machine.ledger.fail(FaultyLedger.Call.LOST, 2);
    machine.staging().drain(Duration.ofMillis(500));
    Machine.awaitTrue(() -> {
      try {
        machine.staging().runOnce();
      } catch (EngineException e) {
        assertThat(e).hasMessageContaining("made to fail");
      }
      return machine.row(written.segments().getFirst()).state() == SegmentState.LOST;
    });
    assertThat(machine.stagedFiles()).singleElement().asString().endsWith(".seg.bad");
    assertThat(machine.bucket.keys()).isEmpty();
  }

  // --- the disk fails

  private void flip(Written written) throws IOException {
    SegmentRun run = written.runs().getFirst();
    Path file = machine.context().fileOf(run.slice().segment());
    byte[] bytes = java.nio.file.Files.readAllBytes(file);
    bytes[run.slice().offset() + run.slice().length() / 2] ^= 4;
    java.nio.file.Files.write(file, bytes);
  }

  @Test
  void aBitThatFlipsBeforeTheSealIsNeverUploaded() throws IOException {
    Written written = machine.write(bytes(1000));
    flip(written);
    machine.staging().drain(Duration.ofSeconds(5));
    SegmentId id = written.segments().getFirst();
    assertThat(machine.bucket.keys()).isEmpty();
    Machine.awaitTrue(() -> machine.row(id).state() == SegmentState.LOST);
    assertThatThrownBy(() -> machine.read(written.runs().getFirst().slice()))
        .isInstanceOf(RuntimeException.class);
    assertThat(machine.problems.list()).singleElement().asString().contains("is lost");
    assertThat(machine.stagedFiles()).singleElement().asString().endsWith(".seg.bad");
    assertThat(machine.staging().stagedBytes()).isZero();
  }

  @Test
  void aBitThatFlipsAfterTheSealIsNeverUploaded() throws IOException {
    machine.store.fail(Call.PUT, Kind.DOWN, FaultyObjectStore.FOREVER);
    Written written = machine.write(bytes(200_000));
    machine.staging().drain(Duration.ofMillis(100));
    Machine.awaitTrue(() -> machine.store.ledger().count(Call.PUT) > 0);
    flip(written);
    machine.store.heal();
    SegmentId id = written.segments().getFirst();
    Machine.awaitTrue(() -> machine.row(id).state() == SegmentState.LOST);
    assertThat(machine.bucket.keys()).isEmpty();
  }

  @Test
  void aFailedForceIsAnErrorForEverybodyWhoWaitsForItAndForWhoComesAfter() throws IOException {
    AppendStream stream = machine.staging().open(-1);
    Written before = machine.write(stream, bytes(1000));
    Written doomed = machine.append(stream, bytes(1000));
    assertThat(doomed.segments()).isEqualTo(before.segments());
    machine.files.fail(Operation.FORCE, 1);
    assertThatThrownBy(() -> machine.staging().sync(doomed.segments()))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
    // The kernel says that all is well the second time; it has thrown the bytes away.
    assertThatThrownBy(() -> machine.staging().sync(doomed.segments()))
        .isInstanceOf(EngineException.class);
    machine.unpin(doomed);
    Written next = machine.write(stream, bytes(1000));
    assertThat(next.segments()).isNotEqualTo(before.segments());
    machine.assertReadable(before);
    machine.drain();
    machine.assertStored(before);
    machine.assertStored(next);
  }

  @Test
  void aSegmentOfWhichNothingIsLeftGoesOnRefusingItsWriters() throws IOException {
    Written doomed = machine.append(machine.staging().open(-1), bytes(1000));
    flip(doomed);
    machine.files.fail(Operation.FORCE, 1);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> machine.staging().sync(doomed.segments()))
          .isInstanceOf(EngineException.class);
      assertThat(machine.staging().drain(Duration.ofSeconds(5))).isTrue();
      machine.settle();
    }
    machine.unpin(doomed);
    Machine.awaitTrue(() -> {
      machine.settle();
      return !machine.staging().knows(doomed.segments().getFirst());
    });
    assertThat(machine.stagedFiles()).isEmpty();
    assertThat(machine.problems.list()).isEmpty();
  }

  /** Found by simulation. */
  @Test
  void aForceThatFailsForTheSealIsAnErrorForWhoSyncsAfterIt() throws IOException {
    AppendStream stream = machine.staging().open(-1);
    Written before = machine.write(stream, bytes(1000));
    Written doomed = machine.append(stream, bytes(1000));
    machine.store.fail(Call.PUT, Kind.DOWN, FaultyObjectStore.FOREVER);
    machine.files.fail(Operation.FORCE, 1);
    assertThat(machine.staging().drain(Duration.ofMillis(300))).isFalse();
    SegmentId id = before.segments().getFirst();
    Machine.awaitTrue(() -> machine.row(id).state() == SegmentState.SEALED);
    // The second force went well; the kernel had thrown the bytes away after the first.
    assertThatThrownBy(() -> machine.staging().sync(doomed.segments()))
        .isInstanceOf(EngineException.class);
    machine.unpin(doomed);
    machine.assertReadable(before);
    machine.loseOfPower();
    machine.assertReadable(before);
    machine.store.heal();
    machine.drain();
    machine.assertStored(before);
  }

  @Test
  void aFullDiskIsToldAndTakesNothingWithIt() throws IOException {
    AppendStream stream = machine.staging().open(-1);
    Written synced = machine.write(stream, bytes(10_000));
    Written appended = machine.append(stream, bytes(10_000));
    machine.files.capacity(25_000);
    assertThatThrownBy(() -> machine.append(stream, bytes(10_000)))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));

    // Whoever had written before is not concerned.
    machine.staging().sync(appended.segments());
    machine.commit(appended);
    machine.unpin(appended);
    machine.assertReadable(synced);
    machine.assertReadable(appended);
    machine.drain();
    machine.assertStored(synced);
    machine.assertStored(appended);
    assertThat(machine.staging().stagedBytes()).isZero();
  }

  @Test
  void theCacheGivesWayWhenStagingNeedsTheRoom() throws IOException {
    machine.files.capacity(5_000);
    machine.handover.onGiveWay = () -> machine.files.capacity(1 << 20);
    Written written = machine.write(bytes(10_000));
    machine.assertReadable(written);
  }

  @Test
  void theCacheGivesWayForATrailerToo() throws IOException {
    Written written = machine.write(bytes(10_000));
    machine.files.capacity(10_000);
    machine.handover.onGiveWay = () -> machine.files.capacity(1 << 20);
    machine.drain();
    machine.assertStored(written);
  }

  @Test
  void anAppendThatFailsLeavesNoPinAndNoCharge() throws IOException {
    machine.write(bytes(1000));
    machine.drain();
    machine.files.fail(Operation.WRITE, 1);
    assertThatThrownBy(() -> machine.append(machine.staging().open(-1), bytes(1000)))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO));
    assertThat(machine.staging().stagedBytes()).isZero();
    machine.files.fail(Operation.CREATE, 1);
    assertThatThrownBy(() -> machine.append(machine.staging().open(-1), bytes(1000)))
        .isInstanceOf(EngineException.class);
    assertThat(machine.staging().stagedBytes()).isZero();
    for (long id = 1; id < 10; id++) {
      assertThat(machine.pins.isPinned(new SegmentId(id))).isFalse();
    }
    machine.drain();
    assertThat(machine.stagedFiles()).isEmpty();
  }

  @Test
  void anAppendOverSeveralSegmentsThatFailsInTheMiddleLeavesNoPinAndNoCharge() throws IOException {
    Path second = machine.context().fileOf(new SegmentId(2));
    machine.files.fail(Operation.WRITE, second::equals, "Input/output error", 1);
    assertThatThrownBy(
            () -> machine.append(machine.staging().open(-1), bytes(3 * Machine.SEGMENT_BYTES)))
        .isInstanceOf(EngineException.class);
    for (long id = 1; id < 10; id++) {
      assertThat(machine.pins.isPinned(new SegmentId(id))).isFalse();
    }
    machine.drain();
    assertThat(machine.staging().stagedBytes()).isZero();
    assertThat(machine.bucket.keys()).isEmpty();
    assertThat(machine.stagedFiles()).isEmpty();
  }

  // --- back-pressure

  @Test
  void aFullStagingSlowsWritersAndThenRefusesThem() throws IOException {
    machine.close();
    machine = new Machine(home.resolve("other"), random);
    machine.budget = 100_000;
    machine.start();
    machine.store.fail(Call.PUT, Kind.DOWN, FaultyObjectStore.FOREVER);
    Written first = machine.write(bytes(90_000));
    assertThatThrownBy(() -> machine.write(bytes(20_000)))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.THROTTLED));
    assertThat(machine.staging().stagedBytes()).isEqualTo(90_000);
    machine.assertReadable(first);

    machine.store.heal();
    Machine.awaitTrue(() -> machine.staging().stagedBytes() == 0);
    machine.write(bytes(20_000));
  }

  @Test
  void aWriterThatWaitsGoesOnAsSoonAsThereIsRoom() throws Exception {
    machine.close();
    machine = new Machine(home.resolve("other"), random);
    machine.budget = 100_000;
    machine.start();
    FaultyObjectStore.Gate gate = machine.store.hold(Call.PUT, 1);
    machine.write(bytes(90_000));
    CompletableFuture<Written> second = new CompletableFuture<>();
    byte[] bytes = bytes(20_000);
    Thread.startVirtualThread(() -> {
      try {
        second.complete(machine.write(bytes));
      } catch (RuntimeException e) {
        second.completeExceptionally(e);
      }
    });
    gate.awaitArrivals(1);
    Machine.awaitTrue(() -> machine.staging().isFull());
    gate.open();
    machine.assertReadable(second.get(5, TimeUnit.SECONDS));
  }
}
