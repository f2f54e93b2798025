package io.forebay.nfs.state;

import io.forebay.engine.InodeId;
import io.forebay.engine.OpenFile;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.op.NfsOp.Locker;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The opens and locks of all clients. Stateids are checked as RFC 8881 section 8.2.4 says; every
 * method that takes one throws {@link NfsException} BAD_STATEID or OLD_STATEID where it is no good,
 * and expects the current stateid to be resolved already.
 *
 * <p>State of a silent client goes only when somebody else wants what it holds (section 8.4.3):
 * {@link Leases#expire} then ends that client. Its sessions end with it, so it meets BADSESSION,
 * not EXPIRED. Thread-safe; see the package for the order of locks.
 */
public final class StateTable {
  /** How many silent clients one operation clears out of its way before it asks for patience. */
  private static final int MAX_ROUNDS = 64;

  private final StateLimits limits;
  private final Leases leases;
  private final StateIndex index;
  private final ConcurrentHashMap<Long, ClientStates> clients = new ConcurrentHashMap<>();

  /**
   * Begins empty.
   *
   * @param instance of this process, part of every stateid, so that one of an earlier process is
   *     not taken for one of this (section 8.2.4)
   */
  public StateTable(StateLimits limits, Leases leases, int instance) {
    this.limits = limits;
    this.leases = leases;
    this.index = new StateIndex(instance);
  }

  // --- opens

  /**
   * OPEN (section 18.16): a new open, or one more of an owner that has the file open already.
   *
   * @param file the table's from now on, also when this throws
   * @throws NfsException SHARE_DENIED; DELAY at a bound; DEADSESSION when the client has ended
   */
  public OpenGrant open(long clientId, Opaque owner, ShareMode mode, OpenFile file) {
    StateOwner opener = new StateOwner(clientId, owner);
    boolean taken = false;
    try {
      for (int round = 0; round < MAX_ROUNDS; round++) {
        List<SharedFile> released = new ArrayList<>();
        List<StateOwner> conflicts;
        OpenGrant grant = null;
        FileStates states = index.lock(file.inode());
        try {
          // Section 9.7: against the opens of all others.
          conflicts = states.shares().conflicts(opener, mode);
          if (conflicts.isEmpty()) {
            grant = install(states, opener, mode, file, released);
            taken = true;
          }
        } finally {
          index.unlock(states);
        }
        released.forEach(SharedFile::release);
        if (grant != null) {
          requireNotGone(clientId);
          return grant;
        }
        clear(conflicts, NfsStatus.SHARE_DENIED);
      }
      throw new NfsException(NfsStatus.DELAY);
    } finally {
      if (!taken) {
        file.close();
      }
    }
  }

  private OpenGrant install(
      FileStates file, StateOwner owner, ShareMode mode, OpenFile opened, List<SharedFile> out) {
    OpenState open = file.opens().get(owner);
    boolean fresh = open == null;
    if (open == null) {
      OpenState[] made = new OpenState[1];
      clients.compute(
          owner.clientId(),
          (unused, known) -> {
            ClientStates client = known == null ? new ClientStates(limits) : known;
            made[0] = new OpenState(index.newKey(), owner, file, client, mode);
            client.add(made[0]);
            return client;
          });
      open = made[0];
      open.adopt(opened);
      file.opens().put(owner, open);
      index.add(open);
    } else {
      // Section 9.10: an upgrade adds up.
      out.addAll(open.adopt(opened));
      open.mode(open.mode().union(mode));
      open.advance();
    }
    file.shares().add(owner, mode);
    return new OpenGrant(open.stateId(), fresh);
  }

  /**
   * OPEN_DOWNGRADE (section 18.18).
   *
   * @return the new stateid
   * @throws NfsException INVAL where the mode is not the union of some of the owner's opens
   */
  public StateId downgrade(long clientId, StateId stateId, InodeId inode, ShareMode mode) {
    FileStates file = index.lock(inode);
    try {
      OpenState open = index.requireOpen(clientId, stateId, inode);
      if (!file.shares().downgrade(open.owner(), mode)) {
        throw new NfsException(NfsStatus.INVAL);
      }
      open.mode(mode);
      return open.advance();
    } finally {
      index.unlock(file);
    }
  }

  /**
   * CLOSE (section 18.2). Lock states without a lock go with the open. What to answer is {@link
   * StateId#INVALID}.
   *
   * @throws NfsException LOCKS_HELD
   */
  public void close(long clientId, StateId stateId, InodeId inode) {
    Collection<SharedFile> released;
    FileStates file = index.lock(inode);
    try {
      OpenState open = index.requireOpen(clientId, stateId, inode);
      if (open.locks().values().stream().anyMatch(StateTable::holdsRanges)) {
        throw new NfsException(NfsStatus.LOCKS_HELD);
      }
      released = drop(open);
    } finally {
      index.unlock(file);
    }
    released.forEach(SharedFile::release);
  }

  // --- locks

  /**
   * LOCK (section 18.10), never waiting.
   *
   * @throws NfsException INVAL for the range; OPENMODE; DELAY at a bound
   */
  public LockOutcome lock(
      long clientId, InodeId inode, Locker locker, LockType type, long offset, long length) {
    LockRange range = LockRange.of(offset, length);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      ByteRangeLocks.Conflict<StateOwner> conflict;
      FileStates file = index.lock(inode);
      try {
        Claim claim = claim(clientId, inode, locker);
        // Section 18.10.4: a lock needs the open's right to do what it is for.
        requireMode(claim.open(), type == LockType.WRITE);
        Optional<ByteRangeLocks.Conflict<StateOwner>> found =
            file.ranges().test(claim.owner(), range, type);
        if (found.isEmpty()) {
          return new LockOutcome.Granted(grant(file, claim, range, type));
        }
        conflict = found.get();
      } finally {
        index.unlock(file);
      }
      if (!leases.isExpired(conflict.owner().clientId())) {
        return new LockOutcome.Denied(describe(conflict));
      }
      leases.expire(conflict.owner().clientId());
    }
    throw new NfsException(NfsStatus.DELAY);
  }

  private record Claim(OpenState open, StateOwner owner) {}

  private Claim claim(long clientId, InodeId inode, Locker locker) {
    return switch (locker) {
      case Locker.FromOpen from ->
          new Claim(
              index.requireOpen(clientId, from.open(), inode),
              new StateOwner(clientId, from.owner()));
      case Locker.Existing existing -> {
        LockState state = index.requireLock(clientId, existing.lock(), inode);
        yield new Claim(state.open(), state.owner());
      }
    };
  }

  private StateId grant(FileStates file, Claim claim, LockRange range, LockType type) {
    ClientStates client = claim.open().client();
    client.requireRoomForRange();
    requireRoomForRange(file);
    LockState known = claim.open().locks().get(claim.owner());
    LockState state = known;
    if (state == null) {
      client.addLockState();
      state = new LockState(index.newKey(), claim.owner(), claim.open());
      claim.open().locks().put(claim.owner(), state);
      index.add(state);
    }
    int before = file.ranges().size(claim.owner());
    file.ranges().lock(claim.owner(), range, type);
    client.addRanges(file.ranges().size(claim.owner()) - before);
    return known == null ? state.stateId() : state.advance();
  }

  private void requireRoomForRange(FileStates file) {
    if (file.ranges().size() >= limits.maxRangesPerFile()) {
      throw new NfsException(NfsStatus.DELAY);
    }
  }

  /** LOCKT (section 18.11): the lock that would be in the way, if any. Needs no state. */
  public Optional<LockConflict> testLock(
      long clientId, InodeId inode, Opaque owner, LockType type, long offset, long length) {
    LockRange range = LockRange.of(offset, length);
    StateOwner tester = new StateOwner(clientId, owner);
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Optional<ByteRangeLocks.Conflict<StateOwner>> conflict;
      FileStates file = index.lock(inode);
      try {
        conflict = file.ranges().test(tester, range, type);
      } finally {
        index.unlock(file);
      }
      if (conflict.isEmpty() || !leases.isExpired(conflict.get().owner().clientId())) {
        return conflict.map(StateTable::describe);
      }
      leases.expire(conflict.get().owner().clientId());
    }
    throw new NfsException(NfsStatus.DELAY);
  }

  /**
   * LOCKU (section 18.12).
   *
   * @return the new stateid
   * @throws NfsException INVAL for the range; DELAY where it would split a lock at a bound
   */
  public StateId unlock(long clientId, StateId stateId, InodeId inode, long offset, long length) {
    LockRange range = LockRange.of(offset, length);
    FileStates file = index.lock(inode);
    try {
      LockState state = index.requireLock(clientId, stateId, inode);
      StateOwner owner = state.owner();
      if (file.ranges().splits(owner, range)) {
        state.open().client().requireRoomForRange();
        requireRoomForRange(file);
      }
      int before = file.ranges().size(owner);
      file.ranges().unlock(owner, range);
      state.open().client().addRanges(file.ranges().size(owner) - before);
      return state.advance();
    } finally {
      index.unlock(file);
    }
  }

  private static LockConflict describe(ByteRangeLocks.Conflict<StateOwner> conflict) {
    return new LockConflict(
        conflict.range().first(),
        conflict.range().length(),
        conflict.type(),
        conflict.owner().clientId(),
        conflict.owner().name());
  }

  // --- stateids presented

  /**
   * The file to READ, WRITE or set the size with, by an open's or lock's stateid (section 9.1.2).
   *
   * @return the caller's to close
   * @throws NfsException OPENMODE
   */
  public FileUse use(long clientId, StateId stateId, InodeId inode, boolean write) {
    OpenState open = index.require(clientId, stateId, inode, State.class).open();
    requireMode(open, write);
    // An upgrade may put another file in the place of the one just seen.
    while (open.isLive()) {
      SharedFile file = open.fileFor(write);
      if (file != null && file.acquire()) {
        return new FileUse(file);
      }
    }
    throw new NfsException(NfsStatus.BAD_STATEID);
  }

  /**
   * Checks an operation that comes with a special stateid instead of an open (section 8.2.3): the
   * share reservations of all opens hold for it, unless it reads with all bits one.
   *
   * @throws NfsException LOCKED where an open denies it; BAD_STATEID for other special stateids
   */
  public void checkSpecial(StateId stateId, InodeId inode, boolean write) {
    boolean bypass = stateId.equals(StateId.READ_BYPASS);
    if (!bypass && !stateId.equals(StateId.ANONYMOUS)) {
      throw new NfsException(NfsStatus.BAD_STATEID);
    }
    if (bypass && !write) {
      return;
    }
    for (int round = 0; round < MAX_ROUNDS; round++) {
      List<StateOwner> deniers;
      FileStates file = index.lock(inode);
      try {
        deniers = file.shares().deniers(write ? ShareMode.WRITE : ShareMode.READ);
      } finally {
        index.unlock(file);
      }
      if (deniers.isEmpty()) {
        return;
      }
      clear(deniers, NfsStatus.LOCKED);
    }
    throw new NfsException(NfsStatus.DELAY);
  }

  /** TEST_STATEID (section 18.48) for one stateid. */
  public NfsStatus test(long clientId, StateId stateId) {
    try {
      State state = index.requireKnown(clientId, stateId);
      return state.isLive() ? NfsStatus.OK : NfsStatus.BAD_STATEID;
    } catch (NfsException refusal) {
      return refusal.status();
    }
  }

  /**
   * FREE_STATEID (section 18.38): gives up a lock state that holds no lock.
   *
   * @throws NfsException LOCKS_HELD for any other valid stateid
   */
  public void free(long clientId, StateId stateId) {
    State known = index.requireKnown(clientId, stateId);
    FileStates file = index.lock(known.file().inode());
    try {
      State state = index.requireKnown(clientId, stateId);
      switch (state) {
        case OpenState open -> throw new NfsException(NfsStatus.LOCKS_HELD);
        case LockState locks -> {
          if (holdsRanges(locks)) {
            throw new NfsException(NfsStatus.LOCKS_HELD);
          }
          drop(locks);
          locks.open().locks().remove(locks.owner());
        }
      }
    } finally {
      index.unlock(file);
    }
  }

  // --- clients

  /** Whether the client has anything open. */
  public boolean holdsState(long clientId) {
    return clients.containsKey(clientId);
  }

  /**
   * Gives up everything a client holds. The client has to be {@link Leases#isGone} before, so that
   * a request of its that is still running gets nothing new. Closes files: may block.
   */
  public void releaseAll(long clientId) {
    ClientStates client = clients.remove(clientId);
    if (client == null) {
      return;
    }
    for (OpenState open : client.opens()) {
      Collection<SharedFile> released = List.of();
      FileStates file = index.lock(open.file().inode());
      try {
        if (open.isLive()) {
          released = drop(open);
        }
      } finally {
        index.unlock(file);
      }
      released.forEach(SharedFile::release);
    }
  }

  /** Opens there are now. */
  public int openCount() {
    return clients.values().stream().mapToInt(client -> client.opens().size()).sum();
  }

  /** Opens and lock states there are now. */
  public int stateCount() {
    return index.size();
  }

  // --- inside

  /** Asks the silent among the owners' clients to leave; the others' presence is the answer. */
  private void clear(List<StateOwner> inTheWay, NfsStatus answer) {
    List<Long> ids = inTheWay.stream().map(StateOwner::clientId).distinct().toList();
    if (!ids.stream().allMatch(leases::isExpired)) {
      throw new NfsException(answer);
    }
    ids.forEach(leases::expire);
  }

  /** A client that ended while it was being given something keeps nothing. */
  private void requireNotGone(long clientId) {
    if (leases.isGone(clientId)) {
      releaseAll(clientId);
      throw new NfsException(NfsStatus.DEADSESSION);
    }
  }

  private static void requireMode(OpenState open, boolean write) {
    if ((open.mode().access() & (write ? ShareMode.WRITE : ShareMode.READ)) == 0) {
      throw new NfsException(NfsStatus.OPENMODE);
    }
  }

  /** Whether ending this state would give up locks: not when another open serves the owner too. */
  private static boolean holdsRanges(LockState state) {
    return state.file().ranges().size(state.owner()) > 0 && !state.file().hasOtherLockState(state);
  }

  /** Ends an open and its lock states. The file's lock is held; the files are to be released. */
  private Collection<SharedFile> drop(OpenState open) {
    FileStates file = open.file();
    open.locks().values().forEach(this::drop);
    open.locks().clear();
    file.shares().remove(open.owner());
    file.opens().remove(open.owner());
    index.remove(open);
    open.client().remove(open);
    clients.computeIfPresent(open.clientId(), (unused, client) -> client.isEmpty() ? null : client);
    return open.surrender();
  }

  private void drop(LockState state) {
    FileStates file = state.file();
    if (!file.hasOtherLockState(state)) {
      int before = file.ranges().size(state.owner());
      file.ranges().release(state.owner());
      state.open().client().addRanges(-before);
    }
    state.end();
    index.remove(state);
    state.open().client().removeLockState();
  }
}
