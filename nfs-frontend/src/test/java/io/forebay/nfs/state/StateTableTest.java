package io.forebay.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.op.NfsOp.Locker;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 8.2, 9, 18.2, 18.10 to 18.12, 18.16, 18.18, 18.38 and 18.48. */
class StateTableTest {
  private static final long ANN = 1;
  private static final long BOB = 2;
  private static final InodeId FILE = new InodeId(7);
  private static final InodeId OTHER = new InodeId(8);
  private static final Opaque OWNER = Opaque.of("owner");
  private static final Opaque LOCKER = Opaque.of("locker");
  private static final ShareMode READ = new ShareMode(ShareMode.READ, 0);
  private static final ShareMode WRITE = new ShareMode(ShareMode.WRITE, 0);
  private static final ShareMode BOTH = new ShareMode(ShareMode.BOTH, 0);

  private final TestLeases leases = new TestLeases();
  private final StateTable table = new StateTable(new StateLimits(10, 10, 10, 15), leases, 99);
  private final List<CountingFile> opened = new ArrayList<>();

  StateTableTest() {
    leases.serve(table);
  }

  // --- opens

  @Test
  void aStateIdStartsAtOneAndGrowsWithEveryOpen() {
    OpenGrant first = open(ANN, READ);
    OpenGrant second = open(ANN, READ);

    assertThat(first.stateId().seqid()).isEqualTo(1);
    assertThat(first.fresh()).isTrue();
    assertThat(second.stateId()).isEqualTo(first.stateId().withSeqid(2));
    assertThat(second.fresh()).isFalse();
    assertThat(opened.get(1).closes()).as("not needed beside the first").isEqualTo(1);
    assertThat(opened.get(0).closes()).isZero();
  }

  @Test
  void anUpgradeAddsTheRightThatWasMissing() {
    StateId id = open(ANN, READ).stateId().withSeqid(0);
    assertRefused(NfsStatus.OPENMODE, () -> use(ANN, id, true));
    open(ANN, WRITE);

    try (FileUse use = table.use(ANN, id, FILE, true)) {
      assertThat(use.file()).isSameAs(opened.get(1));
    }
    try (FileUse use = table.use(ANN, id, FILE, false)) {
      assertThat(use.file()).isSameAs(opened.get(0));
    }
    table.close(ANN, id, FILE);
    assertThat(opened).allSatisfy(file -> assertThat(file.closes()).isEqualTo(1));
  }

  @Test
  void anUpgradeToBothReplacesTheFileOfOneRight() {
    open(ANN, READ);
    open(ANN, BOTH);

    assertThat(opened.get(0).closes()).isEqualTo(1);
    assertThat(opened.get(1).closes()).isZero();
  }

  @Test
  void aDeniedShareIsRefusedAndItsFileClosed() {
    open(ANN, new ShareMode(ShareMode.READ, ShareMode.WRITE));

    assertRefused(NfsStatus.SHARE_DENIED, () -> open(BOB, WRITE));
    assertThat(opened.get(1).closes()).isEqualTo(1);
    assertRefused(
        NfsStatus.SHARE_DENIED, () -> open(BOB, new ShareMode(ShareMode.READ, ShareMode.READ)));
    assertThat(open(BOB, READ).fresh()).isTrue();
  }

  @Test
  void aDowngradeTakesTheRightAway() {
    open(ANN, READ);
    StateId id = open(ANN, WRITE).stateId();

    StateId down = table.downgrade(ANN, id, FILE, READ);

    assertThat(down.seqid()).isEqualTo(3);
    assertRefused(NfsStatus.OPENMODE, () -> use(ANN, down, true));
    use(ANN, down, false);
    assertRefused(NfsStatus.INVAL, () -> table.downgrade(ANN, down, FILE, BOTH));
  }

  @Test
  void closingEndsTheStateIdAndClosesTheFileOnce() {
    StateId id = open(ANN, BOTH).stateId();
    table.close(ANN, id, FILE);

    assertRefused(NfsStatus.BAD_STATEID, () -> table.close(ANN, id, FILE));
    assertRefused(NfsStatus.BAD_STATEID, () -> use(ANN, id, false));
    assertThat(opened.getFirst().closes()).isEqualTo(1);
    assertThat(table.holdsState(ANN)).isFalse();
    assertThat(table.stateCount()).isZero();
  }

  @Test
  void aFileInUseIsClosedWhenTheUseEnds() {
    StateId id = open(ANN, READ).stateId();
    FileUse use = table.use(ANN, id, FILE, false);
    table.close(ANN, id, FILE);

    assertThat(opened.getFirst().closes()).isZero();
    use.close();
    assertThat(opened.getFirst().closes()).isEqualTo(1);
  }

  // --- stateids

  @Test
  void onlyTheNewestSequenceNumberOrZeroIsGood() {
    StateId first = open(ANN, READ).stateId();
    StateId second = open(ANN, READ).stateId();

    assertRefused(NfsStatus.OLD_STATEID, () -> use(ANN, first, false));
    use(ANN, second, false);
    use(ANN, second.withSeqid(0), false);
    assertRefused(NfsStatus.BAD_STATEID, () -> use(ANN, second.withSeqid(3), false));
  }

  @Test
  void aStateIdOfAnotherClientFileOrProcessIsBad() {
    StateId id = open(ANN, READ).stateId();

    assertRefused(NfsStatus.BAD_STATEID, () -> use(BOB, id, false));
    assertRefused(NfsStatus.BAD_STATEID, () -> table.use(ANN, id, OTHER, false).close());
    StateId earlier = new StateId(1, id.high(), 98);
    assertRefused(NfsStatus.BAD_STATEID, () -> use(ANN, earlier, false));
    assertRefused(NfsStatus.BAD_STATEID, () -> use(ANN, StateId.INVALID, false));
    assertRefused(NfsStatus.BAD_STATEID, () -> use(ANN, StateId.ANONYMOUS, false));
  }

  @Test
  void specialStateIdsMeetTheShareReservations() {
    open(ANN, new ShareMode(ShareMode.READ, ShareMode.BOTH));

    assertRefused(NfsStatus.LOCKED, () -> table.checkSpecial(StateId.ANONYMOUS, FILE, false));
    assertRefused(NfsStatus.LOCKED, () -> table.checkSpecial(StateId.ANONYMOUS, FILE, true));
    assertRefused(NfsStatus.LOCKED, () -> table.checkSpecial(StateId.READ_BYPASS, FILE, true));
    table.checkSpecial(StateId.READ_BYPASS, FILE, false);
    table.checkSpecial(StateId.ANONYMOUS, OTHER, true);
    assertRefused(NfsStatus.BAD_STATEID, () -> table.checkSpecial(StateId.INVALID, FILE, false));
  }

  @Test
  void testingTellsWhatEachStateIdIsWorth() {
    StateId old = open(ANN, READ).stateId();
    StateId id = open(ANN, READ).stateId();

    assertThat(table.test(ANN, id)).isEqualTo(NfsStatus.OK);
    assertThat(table.test(ANN, id.withSeqid(0))).isEqualTo(NfsStatus.OK);
    assertThat(table.test(ANN, old)).isEqualTo(NfsStatus.OLD_STATEID);
    assertThat(table.test(BOB, id)).isEqualTo(NfsStatus.BAD_STATEID);
    assertThat(table.test(ANN, StateId.ANONYMOUS)).isEqualTo(NfsStatus.BAD_STATEID);
    table.close(ANN, id, FILE);
    assertThat(table.test(ANN, id)).isEqualTo(NfsStatus.BAD_STATEID);
  }

  // --- locks

  @Test
  void aLockFromAnOpenMakesALockStateThatGrows() {
    StateId open = open(ANN, BOTH).stateId();
    StateId lock = granted(lock(ANN, open, LockType.WRITE, 0, 10));

    assertThat(lock.seqid()).isEqualTo(1);
    assertThat(lock.sameOther(open)).isFalse();
    StateId again =
        granted(table.lock(ANN, FILE, new Locker.Existing(lock), LockType.WRITE, 20, 5));
    assertThat(again).isEqualTo(lock.withSeqid(2));
    assertThat(granted(lock(ANN, open, LockType.READ, 30, 5)))
        .as("the same owner by the same open has one lock state")
        .isEqualTo(lock.withSeqid(3));
    use(ANN, lock.withSeqid(0), true);
    assertThat(table.unlock(ANN, lock.withSeqid(3), FILE, 0, -1)).isEqualTo(lock.withSeqid(4));
  }

  @Test
  void aConflictingLockIsDescribedAndLeavesNoState() {
    StateId ann = open(ANN, BOTH).stateId();
    StateId bob = open(BOB, BOTH).stateId();
    granted(lock(ANN, ann, LockType.WRITE, 10, -1));

    assertThat(lock(BOB, bob, LockType.READ, 0, 11))
        .isEqualTo(new LockOutcome.Denied(new LockConflict(10, -1, LockType.WRITE, ANN, LOCKER)));
    assertThat(table.stateCount()).isEqualTo(3);
    assertThat(table.testLock(BOB, FILE, LOCKER, LockType.READ, 0, 11)).isPresent();
    assertThat(table.testLock(BOB, FILE, LOCKER, LockType.READ, 0, 10)).isEmpty();
    assertThat(table.testLock(ANN, FILE, LOCKER, LockType.WRITE, 0, -1)).isEmpty();
    assertThat(table.testLock(ANN, FILE, Opaque.of("x"), LockType.READ, 0, -1)).isPresent();
    granted(lock(BOB, bob, LockType.READ, 0, 10));
  }

  @Test
  void aLockNeedsTheRightOfItsOpen() {
    StateId reader = open(ANN, READ).stateId();
    StateId writer = open(BOB, WRITE).stateId();

    assertRefused(NfsStatus.OPENMODE, () -> lock(ANN, reader, LockType.WRITE, 0, 1));
    assertRefused(NfsStatus.OPENMODE, () -> lock(BOB, writer, LockType.READ, 0, 1));
    assertRefused(NfsStatus.INVAL, () -> lock(ANN, reader, LockType.READ, 0, 0));
  }

  @Test
  void anOpenWithLocksIsNotClosedNorItsLockStateFreed() {
    StateId open = open(ANN, BOTH).stateId();
    StateId lock = granted(lock(ANN, open, LockType.WRITE, 0, 10));

    assertRefused(NfsStatus.LOCKS_HELD, () -> table.close(ANN, open, FILE));
    assertRefused(NfsStatus.LOCKS_HELD, () -> table.free(ANN, lock));
    assertRefused(NfsStatus.LOCKS_HELD, () -> table.free(ANN, open));
    StateId unlocked = table.unlock(ANN, lock, FILE, 0, 10);
    assertRefused(NfsStatus.OLD_STATEID, () -> table.free(ANN, lock));
    table.free(ANN, unlocked);
    assertRefused(NfsStatus.BAD_STATEID, () -> table.free(ANN, unlocked));
    table.close(ANN, open, FILE);
    assertThat(table.stateCount()).isZero();
  }

  @Test
  void closingTakesLockStatesWithoutLocksAlong() {
    StateId open = open(ANN, BOTH).stateId();
    StateId lock = granted(lock(ANN, open, LockType.WRITE, 0, 10));
    StateId unlocked = table.unlock(ANN, lock, FILE, 0, 10);
    table.close(ANN, open, FILE);

    assertThat(table.test(ANN, unlocked)).isEqualTo(NfsStatus.BAD_STATEID);
    assertThat(table.stateCount()).isZero();
  }

  @Test
  void aLockStateIsNoOpen() {
    StateId open = open(ANN, BOTH).stateId();
    StateId lock = granted(lock(ANN, open, LockType.WRITE, 0, 10));

    assertRefused(NfsStatus.BAD_STATEID, () -> table.close(ANN, lock, FILE));
    assertRefused(NfsStatus.BAD_STATEID, () -> table.downgrade(ANN, lock, FILE, READ));
    assertRefused(NfsStatus.BAD_STATEID, () -> table.unlock(ANN, open, FILE, 0, 1));
    assertRefused(NfsStatus.BAD_STATEID, () -> lock(ANN, lock, LockType.READ, 0, 1));
  }

  // --- clients

  @Test
  void aSilentClientGivesWayToAConflictingOpen() {
    StateId ann = open(ANN, new ShareMode(ShareMode.BOTH, ShareMode.BOTH)).stateId();
    leases.silence(ANN);

    assertThat(open(BOB, READ).fresh()).isTrue();
    assertThat(table.test(ANN, ann)).isEqualTo(NfsStatus.BAD_STATEID);
    assertThat(opened.getFirst().closes()).isEqualTo(1);
  }

  @Test
  void aSilentClientGivesWayToAConflictingLockAndToATest() {
    granted(lock(ANN, open(ANN, BOTH).stateId(), LockType.WRITE, 0, -1));
    StateId bob = open(BOB, BOTH).stateId();
    leases.silence(ANN);

    assertThat(table.testLock(BOB, FILE, LOCKER, LockType.WRITE, 0, 1)).isEmpty();
    granted(lock(BOB, bob, LockType.WRITE, 0, -1));
    assertThat(table.holdsState(ANN)).isFalse();
  }

  @Test
  void aSilentClientKeepsWhatNobodyElseWants() {
    StateId ann = open(ANN, READ).stateId();
    leases.silence(ANN);
    open(BOB, BOTH);

    assertThat(table.test(ANN, ann)).isEqualTo(NfsStatus.OK);
  }

  @Test
  void aClientThatEndsMeanwhileGetsNothing() {
    leases.end(ANN);

    assertRefused(NfsStatus.DEADSESSION, () -> open(ANN, READ));
    assertThat(table.stateCount()).isZero();
    assertThat(opened.getFirst().closes()).isEqualTo(1);
  }

  @Test
  void everythingOfAClientGoesAtOnce() {
    granted(lock(ANN, open(ANN, BOTH).stateId(), LockType.WRITE, 0, -1));
    table.open(ANN, OWNER, READ, file(OTHER, OpenAccess.READ));
    open(BOB, READ);
    table.releaseAll(ANN);

    assertThat(table.holdsState(ANN)).isFalse();
    assertThat(table.holdsState(BOB)).isTrue();
    assertThat(table.stateCount()).isEqualTo(1);
    assertThat(opened.stream().map(CountingFile::closes)).containsExactly(1, 1, 0);
    assertThat(table.testLock(BOB, FILE, LOCKER, LockType.WRITE, 0, -1)).isEmpty();
  }

  // --- bounds

  @Test
  void atABoundTheAnswerIsToTryLater() {
    for (int i = 0; i < 10; i++) {
      table.open(ANN, Opaque.of("owner" + i), READ, file(FILE, OpenAccess.READ));
    }
    assertRefused(NfsStatus.DELAY, () -> open(ANN, READ));
    assertThat(opened.getLast().closes()).isEqualTo(1);

    StateId bob = open(BOB, BOTH).stateId();
    for (int i = 0; i < 10; i++) {
      granted(lock(BOB, bob, LockType.READ, i * 2L, 1));
    }
    assertRefused(NfsStatus.DELAY, () -> lock(BOB, bob, LockType.READ, 100, 1));
  }

  @Test
  void unlockingCannotGrowBeyondTheBound() {
    StateId open = open(ANN, BOTH).stateId();
    StateId lock = granted(lock(ANN, open, LockType.WRITE, 0, -1)).withSeqid(0);
    for (int i = 1; i < 10; i++) {
      table.unlock(ANN, lock, FILE, i * 2L, 1);
    }

    assertRefused(NfsStatus.DELAY, () -> table.unlock(ANN, lock, FILE, 100, 1));
    table.unlock(ANN, lock, FILE, 0, -1);
  }

  // --- together

  /** Many threads, few files: afterwards every file is closed once and nothing is left. */
  @Test
  void underConcurrencyEveryFileIsClosedOnce() throws Exception {
    StateTable busy = new StateTable(StateLimits.forOpens(1000), leases, 1);
    List<CountingFile> all = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> runs = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        long seed = thread;
        runs.add(threads.submit(() -> disturb(busy, new Random(seed), all)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
    for (long client = 10; client < 13; client++) {
      busy.releaseAll(client);
    }
    assertThat(busy.stateCount()).isZero();
    assertThat(busy.openCount()).isZero();
    assertThat(all).allSatisfy(file -> assertThat(file.closes()).isEqualTo(1));
  }

  private static void disturb(StateTable busy, Random random, List<CountingFile> all) {
    for (int i = 0; i < 3000; i++) {
      long client = 10L + random.nextInt(3);
      InodeId inode = new InodeId(1 + random.nextInt(3));
      ShareMode mode = new ShareMode(1 + random.nextInt(3), 0);
      CountingFile file = new CountingFile(inode, mode.openAccess());
      all.add(file);
      StateId id = busy.open(client, OWNER, mode, file).stateId().withSeqid(0);
      try {
        try (FileUse use = busy.use(client, id, inode, mode.access() != ShareMode.READ)) {
          assertThat(use.file().inode()).isEqualTo(inode);
          assertThat(((CountingFile) use.file()).closes()).isZero();
        }
        int next = random.nextInt(10);
        if (next == 0) {
          busy.releaseAll(client);
        } else if (next < 5) {
          busy.close(client, id, inode);
        } else {
          busy.lock(
              client, inode, new Locker.FromOpen(id, LOCKER), LockType.READ, random.nextInt(9), 1);
        }
      } catch (NfsException lostARace) {
        assertThat(lostARace.status())
            .isIn(NfsStatus.BAD_STATEID, NfsStatus.LOCKS_HELD, NfsStatus.OPENMODE);
      }
    }
  }

  // --- in short

  private CountingFile file(InodeId inode, OpenAccess access) {
    CountingFile file = new CountingFile(inode, access);
    opened.add(file);
    return file;
  }

  private OpenGrant open(long client, ShareMode mode) {
    return table.open(client, OWNER, mode, file(FILE, mode.openAccess()));
  }

  private void use(long client, StateId id, boolean write) {
    table.use(client, id, FILE, write).close();
  }

  private LockOutcome lock(long client, StateId open, LockType type, long offset, long length) {
    return table.lock(client, FILE, new Locker.FromOpen(open, LOCKER), type, offset, length);
  }

  private static StateId granted(LockOutcome outcome) {
    assertThat(outcome).isInstanceOf(LockOutcome.Granted.class);
    return ((LockOutcome.Granted) outcome).stateId();
  }

  private static void assertRefused(NfsStatus status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(NfsException.class, e -> assertThat(e.status()).isEqualTo(status));
  }
}
