package io.forebay.nfs.state;

import io.forebay.engine.InodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** What is held of one file. Everything is guarded by {@link #lock}. */
final class FileStates {
  private final InodeId inode;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<StateOwner, OpenState> opens = new HashMap<>();
  private final ShareReservations<StateOwner> shares = new ShareReservations<>();
  private final ByteRangeLocks<StateOwner> ranges = new ByteRangeLocks<>();

  /** Out of the table: whoever waited for the lock has to look the file up again. */
  private boolean dropped;

  FileStates(InodeId inode) {
    this.inode = inode;
  }

  InodeId inode() {
    return inode;
  }

  ReentrantLock lock() {
    return lock;
  }

  Map<StateOwner, OpenState> opens() {
    return opens;
  }

  ShareReservations<StateOwner> shares() {
    return shares;
  }

  ByteRangeLocks<StateOwner> ranges() {
    return ranges;
  }

  /** Whether another open of the same client serves this lock owner too. */
  boolean hasOtherLockState(LockState state) {
    return opens.values().stream()
        .filter(open -> open != state.open())
        .anyMatch(open -> open.locks().containsKey(state.owner()));
  }

  boolean isDropped() {
    return dropped;
  }

  void drop() {
    dropped = true;
  }
}
