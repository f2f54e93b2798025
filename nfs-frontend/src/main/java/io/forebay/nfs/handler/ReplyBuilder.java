package io.forebay.nfs.handler;

import io.forebay.engine.Payload;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.op.ResultEncoder;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrOverflowException;
import io.forebay.nfs.xdr.XdrWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes results as they come, within the longest reply there may be. Owns the payloads of READ
 * results from {@link #add} until {@link #finish} hands them on.
 */
final class ReplyBuilder {
  /** Kept free for the failure that ends a reply: SETATTR's is the longest. */
  private static final int FAILURE_BYTES = 3 * Integer.BYTES;

  private final XdrWriter body;
  private final int countAt;
  private final List<NfsResult> results = new ArrayList<>();
  private final List<Payload> payloads = new ArrayList<>(1);
  private NfsStatus status = NfsStatus.OK;
  private int limit;

  /**
   * Begins a reply.
   *
   * @param maxBytes of any COMPOUND4res; a session may allow less
   */
  ReplyBuilder(Opaque tag, int maxBytes) {
    this.body = new XdrWriter(maxBytes);
    this.limit = maxBytes;
    body.writeInt(NfsStatus.OK.wire());
    body.writeOpaque(tag);
    countAt = body.position();
    body.writeInt(0);
  }

  /** Bytes that the next result may take: of its code and status, too. */
  int room() {
    return limit - FAILURE_BYTES - body.size();
  }

  /** What the session allows; more than the head and SEQUENCE's result take. */
  void limit(int sessionBytes) {
    limit = Math.min(limit, sessionBytes);
  }

  /** Whether another operation may follow. */
  boolean isOpen() {
    return status == NfsStatus.OK;
  }

  /**
   * Adds a result, and takes it over.
   *
   * @param tooLong what the operation is answered when its result does not fit
   */
  void add(NfsResult result, NfsStatus tooLong) {
    XdrWriter.Mark mark = body.mark();
    boolean fits = false;
    try {
      int room = result.status() == NfsStatus.OK ? room() : room() + FAILURE_BYTES;
      ResultEncoder.encode(result, body);
      fits = body.size() - mark.position() - mark.attachedBytes() <= room;
    } catch (XdrOverflowException overflow) {
      fits = false;
    }
    if (!fits) {
      body.rewind(mark);
      result.payload().close();
      NfsResult failure = failure(result.code(), tooLong);
      ResultEncoder.encode(failure, body);
      keep(failure);
      return;
    }
    if (result.payload().length() == 0) {
      result.payload().close();
    } else {
      payloads.add(result.payload());
    }
    keep(result);
  }

  private void keep(NfsResult result) {
    results.add(result);
    status = result.status();
  }

  /** Ends the reply with a status of its own, for a request whose operations are not run. */
  void fail(NfsStatus whole) {
    status = whole;
  }

  /** How an operation fails: SETATTR says even then what it set. */
  static NfsResult failure(OpCode code, NfsStatus status) {
    return code == OpCode.SETATTR
        ? new NfsResult.SetAttr(status, AttributeBitmap.EMPTY)
        : new NfsResult.Failed(code, status);
  }

  /**
   * Bytes that must be free before an operation that changes something is begun: the most its
   * result takes. 0 for one that can be answered TOO_BIG after the fact.
   */
  static int mostBytes(NfsOp op) {
    return switch (op.code()) {
      case OPEN -> 96;
      case CREATE, LINK, REMOVE, RENAME, COPY, SETXATTR, REMOVEXATTR -> 56;
      case SETATTR, WRITE, COMMIT, CLOSE, OPEN_DOWNGRADE, LOCK, LOCKU, FREE_STATEID -> 32;
      case ALLOCATE, DEALLOCATE, CLONE -> 8;
      default -> 0;
    };
  }

  /** The reply; this builder is done with. */
  CompoundReply finish() {
    body.patchInt(0, status.wire());
    body.patchInt(countAt, results.size());
    return new CompoundReply(results, body, payloads);
  }

  /** Lets go of everything, for a reply that nobody will get. */
  void abandon() {
    payloads.forEach(Payload::close);
    payloads.clear();
  }
}
