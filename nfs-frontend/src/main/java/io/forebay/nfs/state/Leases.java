package io.forebay.nfs.state;

/** What the state table asks about clients. Called without a lock held; may block. */
public interface Leases {
  /** Whether the client ended: nothing may be given to it any more. */
  boolean isGone(long clientId);

  /** Whether the client has been silent for longer than its lease, or is gone. */
  boolean isExpired(long clientId);

  /**
   * Ends a silent client because somebody else wants what it holds (RFC 8881 section 8.4.3): makes
   * sure that it cannot reclaim, then {@link StateTable#releaseAll}. Does nothing when the client
   * is back.
   */
  void expire(long clientId);
}
