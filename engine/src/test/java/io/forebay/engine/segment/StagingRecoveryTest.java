package io.forebay.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.engine.segment.Machine.Written;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.FaultySegmentFiles;
import io.forebay.testkit.FaultySegmentFiles.Operation;
import io.forebay.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is found at the next start, and what becomes of it. */
@Timeout(60)
class StagingRecoveryTest {
  @TempDir private Path home;
  private final Random random = Seeds.random("StagingRecoveryTest");
  private Machine machine;

  @BeforeEach
  void start() throws IOException {
    machine = new Machine(home, random).start();
    // Nothing leaves before the restart.
    machine.store.fail(Call.PUT, Kind.DOWN, FaultyObjectStore.FOREVER);
  }

  @AfterEach
  void stop() {
    machine.close();
  }

  private byte[] bytes(int length) {
    return Seeds.bytes(random, length);
  }

  private Path fileOf(Written written) {
    return machine.context().fileOf(written.segments().getFirst());
  }

  private SegmentState stateOf(Written written) {
    return machine.row(written.segments().getFirst()).state();
  }

  private void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void anOpenSegmentIsCutBehindItsLastCommittedRunAndUploaded() throws IOException {
    Written written = machine.write(bytes(5000));
    machine.unpin(machine.append(machine.staging().open(-1), bytes(3000)));
    machine.restart();
    machine.assertReadable(written);
    machine.store.heal();
    machine.drain();
    machine.assertStored(written);
    long size =
        machine.store.stat(SegmentFormat.objectKey(written.segments().getFirst())).get().size();
    assertThat(size).isLessThan(5000 + 3000);
  }

  @Test
  void aSealedSegmentIsTakenUpAsItIs() throws IOException {
    Written written = machine.write(bytes(5000));
    machine.staging().drain(java.time.Duration.ofMillis(50));
    Machine.awaitTrue(() -> stateOf(written) == SegmentState.SEALED);
    byte[] sealed = Files.readAllBytes(fileOf(written));
    machine.restart();
    assertThat(Files.readAllBytes(fileOf(written))).isEqualTo(sealed);
    machine.store.heal();
    machine.drain();
    machine.assertStored(written);
  }

  @Test
  void aTornTrailerIsWrittenAnew() throws IOException {
    Written written = machine.write(bytes(5000));
    machine.staging().drain(java.time.Duration.ofMillis(50));
    Machine.awaitTrue(() -> stateOf(written) == SegmentState.SEALED);
    machine.staging().close();
    byte[] sealed = Files.readAllBytes(fileOf(written));
    flip(fileOf(written), sealed.length - 20);
    machine.start();
    assertThat(Files.readAllBytes(fileOf(written))).isEqualTo(sealed);
    machine.store.heal();
    machine.drain();
    machine.assertStored(written);
  }

  @Test
  void aSegmentThatWasStoredJustBeforeTheEndIsFoundInTheBucket() throws IOException {
    Written written = machine.append(machine.staging().open(-1), bytes(5000));
    machine.store.heal();
    machine.staging().sync(written.segments());
    machine.staging().store(written.segments());
    machine.commit(written);
    assertThat(stateOf(written)).isEqualTo(SegmentState.OPEN);
    assertThat(machine.stagedFiles()).isEmpty();
    machine.restart();
    machine.assertStored(written);
  }

  @Test
  void aBucketThatCannotBeAskedIsAskedAgain() throws IOException {
    Written written = machine.append(machine.staging().open(-1), bytes(5000));
    machine.store.heal();
    machine.staging().sync(written.segments());
    machine.staging().store(written.segments());
    machine.commit(written);
    machine.store.fail(Call.STAT, Kind.DOWN, 2);
    machine.restart();
    assertThat(stateOf(written)).isEqualTo(SegmentState.OPEN);
    assertThat(machine.problems.list()).singleElement().asString().contains("cannot be asked");
    machine.recovery().retryUnresolved();
    assertThat(stateOf(written)).isEqualTo(SegmentState.OPEN);
    machine.recovery().retryUnresolved();
    machine.assertStored(written);
    assertThat(machine.problems.list()).isEmpty();
  }

  @Test
  void aBucketThatIsNotThereLosesNothing() throws IOException {
    Written written = machine.append(machine.staging().open(-1), bytes(5000));
    machine.store.heal();
    machine.staging().sync(written.segments());
    machine.staging().store(written.segments());
    machine.commit(written);
    // A HEAD for any key of a bucket that does not exist is a plain 404; a listing says why.
    byte[] object = machine.bucket.bytes(machine.bucket.keys().getFirst());
    String key = machine.bucket.keys().getFirst();
    machine.bucket.delete(key);
    machine.store.fail(Call.LIST, Kind.REFUSED, 1);
    machine.restart();
    assertThat(stateOf(written)).isEqualTo(SegmentState.OPEN);
    machine.bucket.plant(key, object);
    machine.recovery().retryUnresolved();
    machine.assertStored(written);
  }

  @Test
  void bytesThatAreProvedWrongAreLostLoudlyAndTheFileIsKept() throws IOException {
    Written written = machine.write(bytes(5000));
    machine.staging().close();
    flip(fileOf(written), 2500);
    machine.start();
    assertThat(stateOf(written)).isEqualTo(SegmentState.LOST);
    assertThat(machine.problems.list()).singleElement().asString().contains("is lost");
    assertThat(machine.stagedFiles()).singleElement().asString().endsWith(".seg.bad");
    assertThatThrownBy(() -> machine.read(written.runs().getFirst().slice()))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void aFileThatIsGoneIsLostLoudly() throws IOException {
    Written written = machine.write(bytes(5000));
    machine.staging().close();
    Files.delete(fileOf(written));
    machine.start();
    assertThat(stateOf(written)).isEqualTo(SegmentState.LOST);
    assertThat(machine.problems.list()).singleElement().asString().contains("is lost");
  }

  @Test
  void aFileThatCannotBeReadForNowIsReadLater() throws IOException {
    Written written = machine.write(bytes(5000));
    machine.staging().close();
    machine.files.fail(Operation.READ, FaultySegmentFiles.FOREVER);
    machine.start();
    assertThat(stateOf(written)).isEqualTo(SegmentState.OPEN);
    assertThat(machine.problems.list()).isNotEmpty();
    // Which is no loss.
    assertThatThrownBy(() -> machine.read(written.runs().getFirst().slice()))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    machine.files.heal();
    machine.recovery().retryUnresolved();
    // The upload that follows at once is made to fail; that is all there may be.
    assertThat(machine.problems.list()).allMatch(sentence -> sentence.startsWith("uploads to"));
    machine.assertReadable(written);
    machine.store.heal();
    machine.drain();
    machine.assertStored(written);
  }

  @Test
  void aFullDiskAtTheStartLosesNothing() throws IOException {
    Written written = machine.write(bytes(5000));
    machine.staging().close();
    machine.files.capacity(5000);
    machine.start();
    assertThat(stateOf(written)).isEqualTo(SegmentState.OPEN);
    assertThat(machine.stagedFiles()).containsExactly(fileOf(written));
    machine.files.heal();
    machine.recovery().retryUnresolved();
    machine.store.heal();
    machine.drain();
    machine.assertStored(written);
  }

  @Test
  void theMetadataThatFailsDuringARetryIsNoReasonToForget() throws IOException {
    Written written = machine.write(bytes(5000));
    machine.staging().close();
    machine.files.fail(Operation.READ, FaultySegmentFiles.FOREVER);
    machine.start();
    machine.files.heal();
    machine.ledger.fail(io.forebay.testkit.FaultyLedger.Call.RUNS, 1);
    assertThatThrownBy(() -> machine.recovery().retryUnresolved())
        .isInstanceOf(RuntimeException.class);
    machine.recovery().retryUnresolved();
    machine.assertReadable(written);
  }

  @Test
  void filesThatNoCommitNamesAreCleared() throws IOException {
    Written written = machine.append(machine.staging().open(-1), bytes(5000));
    machine.staging().sync(written.segments());
    assertThat(machine.stagedFiles()).hasSize(1);
    machine.restart();
    assertThat(machine.stagedFiles()).isEmpty();
  }

  @Test
  void aFileLeftOverFromAStoredSegmentGoesToTheCache() throws IOException {
    machine.store.heal();
    Written written = machine.write(bytes(5000));
    Path copy = home.resolve("copy");
    Files.copy(fileOf(written), copy);
    machine.drain();
    machine.staging().close();
    Files.copy(copy, fileOf(written));
    machine.start();
    assertThat(machine.handover.adopted).isEqualTo(written.segments());
    assertThat(machine.problems.list()).isEmpty();
  }

  @Test
  void aSegmentWhoseFilesWereDeletedIsDismissed() throws IOException {
    Written written = machine.write(bytes(5000));
    machine.staging().close();
    machine.delete(written);
    machine.start();
    assertThat(stateOf(written)).isEqualTo(SegmentState.DEAD);
    assertThat(machine.stagedFiles()).isEmpty();
  }

  @Test
  void theBudgetKnowsWhatWasFound() throws IOException {
    machine.write(bytes(5000));
    machine.restart();
    assertThat(machine.staging().stagedBytes()).isEqualTo(5000);
  }

  @Test
  void deadSegmentsGoOnceNobodyReadsThem() throws IOException {
    machine.store.heal();
    Written written = machine.write(bytes(5000));
    machine.drain();
    SegmentId id = written.segments().getFirst();
    DeadSegments dead =
        new DeadSegments(
            machine.ledger, machine.pins, machine.staging(), machine.store, machine.handover);
    machine.pins.pin(id);
    machine.delete(written);
    assertThat(dead.runOnce()).isZero();
    machine.pins.unpin(id);
    machine.store.fail(Call.DELETE, Kind.DOWN, 1);
    assertThat(dead.runOnce()).isZero();
    machine.store.failAfterwards(Call.DELETE, Kind.AMBIGUOUS, 1);
    assertThat(dead.runOnce()).isZero();
    assertThat(dead.runOnce()).isEqualTo(1);
    assertThat(machine.bucket.keys()).isEmpty();
    assertThat(machine.metadata.ledger().find(id)).isEmpty();
    assertThat(machine.handover.dropped).containsExactly(id);
  }
}
