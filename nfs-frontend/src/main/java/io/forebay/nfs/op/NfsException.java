package io.forebay.nfs.op;

import io.forebay.ambient.Invariant;

/**
 * Ends an operation with a status. Carries no stack trace: it is an answer to a client, not a
 * defect. Caught in one place, the compound executor.
 */
public final class NfsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final NfsStatus status;

  public NfsException(NfsStatus status) {
    super(status.name(), null, false, false);
    Invariant.check(status != NfsStatus.OK, "a failure is not OK");
    this.status = status;
  }

  public NfsStatus status() {
    return status;
  }
}
