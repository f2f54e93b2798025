package io.forebay.nfs.session;

import io.forebay.ambient.Invariant;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.SessionId;
import io.forebay.nfs.xdr.Opaque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client id and what is known about its holder (RFC 8881 section 2.4). Its monitor guards the
 * phase and the lease; sessions and the CREATE_SESSION slot are guarded by the registry's lock.
 */
final class Client {
  /** How far it has come. */
  enum Phase {
    /** Made by EXCHANGE_ID, no session yet. */
    UNCONFIRMED,
    CONFIRMED,
    /** Gone for everybody; what it held is being released. */
    ENDING
  }

  private final long id;
  private final Opaque owner;
  private final long verifier;
  private final Principal principal;
  private final String address;

  // --- guarded by this
  private Phase phase = Phase.UNCONFIRMED;
  private long renewedNanos;
  private int runningRequests;
  private @Nullable FutureTask<Void> ending;
  private @Nullable String record;
  private boolean confirmedOnce;
  private boolean reclaimComplete;

  // --- guarded by the registry
  private final Map<SessionId, Session> sessions = new LinkedHashMap<>();
  private final CreationSlot creation = new CreationSlot();

  private final AtomicInteger backChannels = new AtomicInteger();

  Client(long id, Opaque owner, long verifier, Principal principal, String address, long nowNanos) {
    this.id = id;
    this.owner = owner;
    this.verifier = verifier;
    this.principal = principal;
    this.address = address;
    this.renewedNanos = nowNanos;
  }

  /** The CREATE_SESSION "slot" of a client id (section 18.36.4). */
  static final class CreationSlot {
    private int sequence;
    private boolean busy;
    private NfsResult.@Nullable CreateSession reply;

    /** Of the newest request that made a session; 0 before the first. */
    int sequence() {
      return sequence;
    }

    boolean isBusy() {
      return busy;
    }

    /** The answer to it; null before the first. */
    NfsResult.@Nullable CreateSession reply() {
      return reply;
    }

    void begin() {
      busy = true;
    }

    /** Null when no session was made: the sequence does not count then. */
    void end(NfsResult.@Nullable CreateSession made) {
      busy = false;
      if (made != null) {
        sequence = made.sequence();
        reply = made;
      }
    }
  }

  long id() {
    return id;
  }

  Opaque owner() {
    return owner;
  }

  long verifier() {
    return verifier;
  }

  Principal principal() {
    return principal;
  }

  /** Where its EXCHANGE_ID came from; for people. */
  String address() {
    return address;
  }

  /** Guarded by the registry. */
  Map<SessionId, Session> sessions() {
    return sessions;
  }

  /** Guarded by the registry. */
  CreationSlot creation() {
    return creation;
  }

  // --- phase and lease

  synchronized Phase phase() {
    return phase;
  }

  /** False: ended meanwhile. */
  synchronized boolean confirm(long nowNanos) {
    if (phase == Phase.ENDING) {
      return false;
    }
    phase = Phase.CONFIRMED;
    confirmedOnce = true;
    renewedNanos = nowNanos;
    return true;
  }

  /** Whether it was the holder of its owner's name and never said RECLAIM_COMPLETE. */
  synchronized boolean leftReclaimOpen() {
    return confirmedOnce && !reclaimComplete;
  }

  /** A request renews the lease and keeps it from running out (section 8.3). False: ended. */
  synchronized boolean beginRequest(long nowNanos) {
    if (phase != Phase.CONFIRMED) {
      return false;
    }
    runningRequests++;
    renewedNanos = nowNanos;
    return true;
  }

  synchronized void endRequest() {
    runningRequests--;
  }

  synchronized boolean isSilent(long sinceNanos) {
    return runningRequests == 0 && renewedNanos - sinceNanos < 0;
  }

  synchronized long renewedNanos() {
    return renewedNanos;
  }

  /** Begins the end whatever the client does. */
  synchronized void beginEnding() {
    phase = Phase.ENDING;
  }

  /** Begins the end unless the client was heard of since. Whether the client is ending now. */
  synchronized boolean beginEndingIfSilent(long sinceNanos) {
    if (phase != Phase.ENDING && !isSilent(sinceNanos)) {
      return false;
    }
    phase = Phase.ENDING;
    return true;
  }

  /** The one flight that ends it: the one under way, or else {@code task}. */
  synchronized FutureTask<Void> ending(FutureTask<Void> task) {
    Invariant.check(phase == Phase.ENDING, "the end begins before it is carried out");
    FutureTask<Void> known = ending;
    if (known == null) {
      ending = task;
      return task;
    }
    return known;
  }

  /** After a flight that failed: the next one is to try again. */
  synchronized void forgetEnding(FutureTask<Void> failed) {
    if (failed.equals(ending)) {
      ending = null;
    }
  }

  // --- reclaim

  synchronized boolean isReclaimComplete() {
    return reclaimComplete;
  }

  /** Whether this was the first time. */
  synchronized boolean completeReclaim() {
    boolean first = !reclaimComplete;
    reclaimComplete = true;
    return first;
  }

  /** The key of its durable record, which lets it reclaim after a restart; null without one. */
  synchronized @Nullable String record() {
    return record;
  }

  /** False: ending, so that the record is of no use. */
  synchronized boolean recordedAs(String key) {
    if (phase == Phase.ENDING) {
      return false;
    }
    record = key;
    return true;
  }

  // --- back channel

  boolean hasBackChannel() {
    return backChannels.get() > 0;
  }

  void gainBackChannel() {
    backChannels.incrementAndGet();
  }

  void loseBackChannel() {
    backChannels.decrementAndGet();
  }
}
