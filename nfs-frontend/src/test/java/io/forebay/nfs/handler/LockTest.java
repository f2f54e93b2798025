package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.op.NfsOp.Locker;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 18.10 to 18.12, 18.38 and 18.48. */
class LockTest extends ServerTest {
  private static final Opaque LOCKER = Opaque.of("locker");
  private StateId open = StateId.INVALID;

  @BeforeEach
  void open() {
    open = opened(Ops.create("f"));
  }

  private static NfsOp lock(LockType type, long offset, long length, StateId open) {
    return new NfsOp.Lock(type, false, offset, length, new Locker.FromOpen(open, LOCKER));
  }

  private static NfsOp more(LockType type, long offset, long length, StateId lock) {
    return new NfsOp.Lock(type, false, offset, length, new Locker.Existing(lock));
  }

  private static NfsOp test(LockType type, long offset, long length, String owner) {
    return new NfsOp.LockTest(type, offset, length, Opaque.of(owner));
  }

  private StateId locked(LockType type, long offset, long length) {
    return at(NfsResult.State.class, "f", lock(type, offset, length, open)).stateId();
  }

  @Test
  void aLockKeepsOthersOutAndSaysWhose() {
    locked(LockType.WRITE, 10, 10);
    TestClient other = server.client().ready();
    StateId theirs =
        other.last(NfsResult.Open.class, Ops.at("", Ops.open("f", Ops.BOTH))).stateId();

    NfsResult.LockDenied denied =
        new NfsResult.LockDenied(OpCode.LOCK, 10, 10, LockType.WRITE, client.clientId(), LOCKER);
    assertThat(other.run(Ops.at("f", lock(LockType.READ, 0, -1, theirs))).getLast())
        .isEqualTo(denied);
    assertThat(other.status(Ops.at("f", lock(LockType.WRITE, 0, 10, theirs))))
        .isEqualTo(NfsStatus.OK);
  }

  @Test
  void aTestTellsWithoutLocking() {
    locked(LockType.READ, 0, 10);

    assertThat(at("f", test(LockType.READ, 0, 10, "other"))).isEqualTo(NfsStatus.OK);
    assertThat(at("f", test(LockType.WRITE, 9, 1, "other"))).isEqualTo(NfsStatus.DENIED);
    assertThat(at("f", test(LockType.WRITE, 9, 1, "locker"))).isEqualTo(NfsStatus.OK);
    assertThat(at("f", test(LockType.WRITE, 10, 1, "other"))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void locksGrowAndGoAndTheirStateidMovesOn() {
    StateId first = locked(LockType.WRITE, 0, 10);
    StateId second = at(NfsResult.State.class, "f", more(LockType.WRITE, 10, 10, first)).stateId();
    NfsResult.State third = at(NfsResult.State.class, "f", new NfsOp.Unlock(second, 5, 10));

    assertThat(second).isEqualTo(first.withSeqid(2));
    assertThat(third.stateId()).isEqualTo(first.withSeqid(3));
    assertThat(at("f", test(LockType.WRITE, 5, 10, "other"))).isEqualTo(NfsStatus.OK);
    assertThat(at("f", test(LockType.WRITE, 4, 1, "other"))).isEqualTo(NfsStatus.DENIED);
    assertThat(at("f", test(LockType.WRITE, 15, 1, "other"))).isEqualTo(NfsStatus.DENIED);
    assertThat(at("f", new NfsOp.Unlock(second, 0, 1))).isEqualTo(NfsStatus.OLD_STATEID);
  }

  @Test
  void rangesThatAreNoneAreInvalid() {
    assertThat(at("f", lock(LockType.READ, 0, 0, open))).isEqualTo(NfsStatus.INVAL);
    assertThat(at("f", lock(LockType.READ, 2, -2, open))).isEqualTo(NfsStatus.INVAL);
    assertThat(at("f", test(LockType.READ, 0, 0, "x"))).isEqualTo(NfsStatus.INVAL);
    StateId lock = locked(LockType.READ, 0, 1);
    assertThat(at("f", new NfsOp.Unlock(lock, 0, 0))).isEqualTo(NfsStatus.INVAL);
  }

  @Test
  void aLockNeedsAnOpenThatMayDoAsMuch() {
    StateId reading = opened(Ops.open("f", Ops.READ, 0, "reader"));

    assertThat(at("f", lock(LockType.WRITE, 0, 1, reading))).isEqualTo(NfsStatus.OPENMODE);
    assertThat(at("f", lock(LockType.READ, 0, 1, reading))).isEqualTo(NfsStatus.OK);
    assertThat(at("f", lock(LockType.READ, 0, 1, StateId.ANONYMOUS)))
        .isEqualTo(NfsStatus.BAD_STATEID);
  }

  @Test
  void onlyRegularFilesAreLocked() {
    client.run(Ops.at("", Ops.makeDirectory("d")));
    client.run(Ops.at("", Ops.makeSymlink("l", "f")));

    assertThat(at("d", lock(LockType.READ, 0, 1, open))).isEqualTo(NfsStatus.ISDIR);
    assertThat(at("l", lock(LockType.READ, 0, 1, open))).isEqualTo(NfsStatus.SYMLINK);
    assertThat(at("d", test(LockType.READ, 0, 1, "x"))).isEqualTo(NfsStatus.ISDIR);
  }

  @Test
  void whatIsLockedIsNotClosed() {
    StateId lock = locked(LockType.READ, 0, 1);

    assertThat(at("f", Ops.close(open))).isEqualTo(NfsStatus.LOCKS_HELD);
    client.run(Ops.at("f", new NfsOp.Unlock(lock, 0, -1)));
    assertThat(at("f", Ops.close(open))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void lockStateidsReadAndWrite() {
    StateId lock = locked(LockType.WRITE, 0, 10);

    assertThat(at("f", Ops.write(lock, 0, "x"))).isEqualTo(NfsStatus.OK);
    assertThat(at("f", Ops.read(lock, 0, 1))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void aCompoundLocksAndUnlocksByTheCurrentStateid() {
    assertThat(
            at(
                "",
                Ops.open("f", Ops.BOTH),
                lock(LockType.WRITE, 0, 10, StateId.CURRENT),
                new NfsOp.Unlock(StateId.CURRENT, 0, 10)))
        .isEqualTo(NfsStatus.OK);
  }

  @Test
  void nothingIsReclaimedOutsideTheGracePeriod() {
    NfsOp reclaim = new NfsOp.Lock(LockType.READ, true, 0, 1, new Locker.FromOpen(open, LOCKER));

    assertThat(at("f", reclaim)).isEqualTo(NfsStatus.NO_GRACE);
  }

  @Test
  void stateidsAreTestedAllAtOnce() {
    StateId lock = locked(LockType.READ, 0, 1);
    NfsResult.TestStateId tested =
        client.last(
            NfsResult.TestStateId.class,
            new NfsOp.TestStateId(
                List.of(open, lock, lock.withSeqid(9), StateId.ANONYMOUS, StateId.INVALID)));

    assertThat(tested.statuses())
        .containsExactly(
            NfsStatus.OK,
            NfsStatus.OK,
            NfsStatus.BAD_STATEID,
            NfsStatus.BAD_STATEID,
            NfsStatus.BAD_STATEID);
  }

  @Test
  void aLockStateidIsFreedOnceItHoldsNothing() {
    StateId lock = locked(LockType.READ, 0, 1);

    assertThat(client.status(new NfsOp.FreeStateId(lock))).isEqualTo(NfsStatus.LOCKS_HELD);
    assertThat(client.status(new NfsOp.FreeStateId(open))).isEqualTo(NfsStatus.LOCKS_HELD);
    StateId after = at(NfsResult.State.class, "f", new NfsOp.Unlock(lock, 0, 1)).stateId();
    assertThat(client.status(new NfsOp.FreeStateId(after))).isEqualTo(NfsStatus.OK);
    assertThat(client.status(new NfsOp.FreeStateId(after))).isEqualTo(NfsStatus.BAD_STATEID);
  }
}
