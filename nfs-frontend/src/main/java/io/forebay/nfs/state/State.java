package io.forebay.nfs.state;

import io.forebay.nfs.op.StateId;

/**
 * What a stateid stands for. Changes under the file's lock only; what is volatile is read freely.
 */
abstract sealed class State permits OpenState, LockState {
  private final StateId first;
  private final StateOwner owner;
  private final FileStates file;
  private volatile int seqid = 1;
  private volatile boolean live = true;

  State(StateId first, StateOwner owner, FileStates file) {
    this.first = first;
    this.owner = owner;
    this.file = file;
  }

  /** The key it is found by: the stateid with a sequence number of 0. */
  StateId key() {
    return first;
  }

  StateOwner owner() {
    return owner;
  }

  long clientId() {
    return owner.clientId();
  }

  FileStates file() {
    return file;
  }

  /** As it is now. */
  StateId stateId() {
    return first.withSeqid(seqid);
  }

  /** After a change: the next sequence number; 0 is left out (RFC 8881 section 8.2.2). */
  StateId advance() {
    int next = seqid + 1;
    seqid = next == 0 ? 1 : next;
    return stateId();
  }

  /** Whether it has not been given up. */
  boolean isLive() {
    return live;
  }

  void end() {
    live = false;
  }

  /** The open it belongs to: itself, or the one it was made from. */
  abstract OpenState open();
}
