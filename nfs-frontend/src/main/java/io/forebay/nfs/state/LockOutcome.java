package io.forebay.nfs.state;

import io.forebay.nfs.op.StateId;

/** How a LOCK ended when nothing was wrong with it. */
public sealed interface LockOutcome {
  record Granted(StateId stateId) implements LockOutcome {}

  record Denied(LockConflict conflict) implements LockOutcome {}
}
