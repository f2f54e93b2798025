package io.forebay.nfs.state;

import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one client holds, and how much of it. Thread-safe; its lock is the innermost. */
final class ClientStates {
  private final StateLimits limits;
  private final Set<OpenState> opens = new LinkedHashSet<>();
  private int lockStates;
  private int ranges;

  ClientStates(StateLimits limits) {
    this.limits = limits;
  }

  /** Throws DELAY at the bound. */
  synchronized void add(OpenState open) {
    requireRoom(opens.size() < limits.maxOpensPerClient());
    opens.add(open);
  }

  synchronized void remove(OpenState open) {
    opens.remove(open);
  }

  /** Throws DELAY at the bound. */
  synchronized void addLockState() {
    requireRoom(lockStates < limits.maxLockStatesPerClient());
    lockStates++;
  }

  synchronized void removeLockState() {
    lockStates--;
  }

  /** Throws DELAY at the bound; splitting one lock may exceed it by one. */
  synchronized void requireRoomForRange() {
    requireRoom(ranges < limits.maxRangesPerClient());
  }

  synchronized void addRanges(int difference) {
    ranges += difference;
  }

  synchronized List<OpenState> opens() {
    return new ArrayList<>(opens);
  }

  synchronized boolean isEmpty() {
    return opens.isEmpty();
  }

  private static void requireRoom(boolean room) {
    if (!room) {
      throw new NfsException(NfsStatus.DELAY);
    }
  }
}
