package io.forebay.nfs.state;

import io.forebay.engine.InodeId;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Finds states by stateid and by file, and checks the stateids that clients present. */
final class StateIndex {
  private final int instance;
  private final AtomicLong issued = new AtomicLong();
  private final ConcurrentHashMap<StateId, State> states = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<InodeId, FileStates> files = new ConcurrentHashMap<>();

  StateIndex(int instance) {
    this.instance = instance;
  }

  /** Never issued before by this process, and never special. */
  StateId newKey() {
    return new StateId(0, issued.incrementAndGet(), instance);
  }

  void add(State state) {
    states.put(state.key(), state);
  }

  void remove(State state) {
    states.remove(state.key());
  }

  int size() {
    return states.size();
  }

  /** Section 8.2.4: one of ours, of this client, at the right age; 0 stands for the newest. */
  State requireKnown(long clientId, StateId stateId) {
    State state = stateId.isSpecial() ? null : states.get(stateId.withSeqid(0));
    if (state == null || state.clientId() != clientId) {
      throw new NfsException(NfsStatus.BAD_STATEID);
    }
    // Section 8.2.2: sequence numbers wrap around.
    int age = state.stateId().seqid() - stateId.seqid();
    if (stateId.seqid() != 0 && age != 0) {
      throw new NfsException(age > 0 ? NfsStatus.OLD_STATEID : NfsStatus.BAD_STATEID);
    }
    return state;
  }

  /** As {@link #requireKnown}, of this file and of this kind. */
  <S extends State> S require(long clientId, StateId stateId, InodeId inode, Class<S> kind) {
    State state = requireKnown(clientId, stateId);
    if (!state.isLive() || !state.file().inode().equals(inode) || !kind.isInstance(state)) {
      throw new NfsException(NfsStatus.BAD_STATEID);
    }
    return kind.cast(state);
  }

  OpenState requireOpen(long clientId, StateId stateId, InodeId inode) {
    return require(clientId, stateId, inode, OpenState.class);
  }

  LockState requireLock(long clientId, StateId stateId, InodeId inode) {
    return require(clientId, stateId, inode, LockState.class);
  }

  /** The file's states, locked; to be given to {@link #unlock}. */
  FileStates lock(InodeId inode) {
    while (true) {
      FileStates file = files.computeIfAbsent(inode, FileStates::new);
      file.lock().lock();
      if (!file.isDropped()) {
        return file;
      }
      file.lock().unlock();
    }
  }

  /** Unlocks, and forgets the file when nothing is held of it. */
  void unlock(FileStates file) {
    if (file.opens().isEmpty()) {
      file.drop();
      files.remove(file.inode(), file);
    }
    file.lock().unlock();
  }
}
