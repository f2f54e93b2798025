package io.forebay.nfs.session;

import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;

/** What SEQUENCE says about the request it begins (RFC 8881 sections 2.10.6.1 and 18.46). */
public sealed interface SequenceOutcome {
  /** Run it, complete the lease with the reply, close the lease. */
  record Granted(SlotLease lease, NfsResult.Sequence result) implements SequenceOutcome {}

  /**
   * A retry: answer with these bytes instead.
   *
   * @param reply a whole COMPOUND4res, not to be changed
   */
  record Replay(byte[] reply) implements SequenceOutcome {}

  /**
   * A retry of a request whose reply was not kept: answer with this result, then
   * NFS4ERR_RETRY_UNCACHED_REP for the operation after SEQUENCE. Nothing is to be run.
   */
  record Unkept(NfsResult.Sequence result) implements SequenceOutcome {}

  /** SEQUENCE failed; nothing is to be run. */
  record Refused(NfsStatus status) implements SequenceOutcome {}
}
