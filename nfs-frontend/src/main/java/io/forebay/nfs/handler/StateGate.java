package io.forebay.nfs.handler;

import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.session.Sessions;
import io.forebay.nfs.state.StateTable;

/** What clients hold, and whether they may have more of it: the state table behind the grace. */
record StateGate(StateTable table, Sessions sessions) {
  /** Throws GRACE while clients may still reclaim (section 8.4.2). */
  void requireNoGrace() {
    if (sessions.inGrace()) {
      throw new NfsException(NfsStatus.GRACE);
    }
  }

  /**
   * Lets a special stateid read or write, as {@link StateTable#checkSpecial}. In grace an open that
   * denies it may still be reclaimed (section 8.4.2.1): GRACE.
   */
  void checkSpecial(StateId stateId, Inside file, boolean write) {
    CompoundContext.requireRegular(file);
    boolean known = stateId.equals(StateId.ANONYMOUS) || stateId.equals(StateId.READ_BYPASS);
    if (known) {
      requireNoGrace();
    }
    table.checkSpecial(stateId, file.inode(), write);
  }
}
