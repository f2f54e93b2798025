package io.forebay.nfs.session;

import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.SessionId;
import java.util.function.Supplier;

/**
 * The right to run one request on a slot. Belongs to one thread at a time. The reply is handed in
 * before it is sent, as the client's next request on the slot may come at once.
 */
public final class SlotLease implements AutoCloseable {
  private final Session session;
  private final Slot slot;
  private final boolean cacheThis;
  private boolean closed;

  SlotLease(Session session, Slot slot, boolean cacheThis) {
    this.session = session;
    this.slot = slot;
    this.cacheThis = cacheThis;
  }

  /** Whose request it is. */
  public long clientId() {
    return session.client().id();
  }

  public SessionId session() {
    return session.id();
  }

  Session owner() {
    return session;
  }

  /** The longest COMPOUND4res (RPC header not counted) that may be answered, in bytes. */
  public int maxReplyBytes() {
    return session.maxReplyBytes(cacheThis);
  }

  /** What an operation is answered whose result would make the reply longer than that. */
  public NfsStatus tooLong() {
    return cacheThis ? NfsStatus.REP_TOO_BIG_TO_CACHE : NfsStatus.REP_TOO_BIG;
  }

  /**
   * Ends the request with its reply, for a retry.
   *
   * @param size of the COMPOUND4res, in bytes
   * @param reply makes a copy of it; called only when the copy is kept
   */
  public void complete(int size, Supplier<byte[]> reply) {
    if (!closed) {
      // Where the copy fails, close() is what ends the request.
      byte[] kept = session.keeps(size, cacheThis) ? reply.get() : null;
      closed = true;
      session.release(slot, kept);
    }
  }

  /** Ends a request that got no reply; nothing happens after {@link #complete}. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      session.release(slot, null);
    }
  }
}
