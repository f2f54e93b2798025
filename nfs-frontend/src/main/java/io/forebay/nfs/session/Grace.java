package io.forebay.nfs.session;

import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.session.ClientRecords.Recorded;
import io.forebay.nfs.xdr.Opaque;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time after a restart in which clients reclaim what they held and nobody gets anything new
 * (RFC 8881 section 8.4.2). There is none when no client held anything; it ends when the last of
 * them has said RECLAIM_COMPLETE, or when its time is over. Records of clients that did not
 * complete are removed before anything new is granted, so that a client cut off over two restarts
 * cannot reclaim what somebody else held in between (section 8.4.3). Thread-safe.
 */
final class Grace {
  private static final Logger LOG = LoggerFactory.getLogger(Grace.class);

  private enum Phase {
    RECLAIMING,
    /** No more reclaims, nothing new yet. */
    CLOSING,
    OVER
  }

  private final ClientRecords records;
  private final Runnable whenOver;
  private final long endNanos;

  // --- guarded by this
  private final Map<String, Recorded> awaited = new LinkedHashMap<>();
  private Phase phase = Phase.RECLAIMING;
  private int reclaims;
  private boolean announced;
  private boolean busy;

  /**
   * Reads the records: blocks.
   *
   * @param whenOver run by {@link #tick} once, after the end; may block
   */
  Grace(ClientRecords records, Duration length, long nowNanos, Runnable whenOver) {
    this.records = records;
    this.whenOver = whenOver;
    this.endNanos = nowNanos + length.toNanos();
    records.all().forEach(recorded -> awaited.put(recorded.key(), recorded));
    if (awaited.isEmpty()) {
      phase = Phase.OVER;
    } else {
      LOG.info("{} NFS clients may reclaim for up to {}", awaited.size(), length);
    }
  }

  synchronized boolean isOver() {
    return phase == Phase.OVER;
  }

  /** The records that a client may reclaim by: its own, of the same incarnation. */
  private List<Recorded> of(Opaque owner) {
    return awaited.values().stream().filter(recorded -> recorded.owner().equals(owner)).toList();
  }

  /**
   * A client id has been confirmed: what other incarnations of the client held is lost (section
   * 18.35.4, case 5). Blocks.
   */
  void confirmed(Opaque owner, long verifier) {
    List<Recorded> lost;
    synchronized (this) {
      lost = of(owner).stream().filter(recorded -> recorded.verifier() != verifier).toList();
    }
    forget(lost);
  }

  /** A client ended without completing. Blocks. */
  void abandoned(Opaque owner, long verifier) {
    List<Recorded> lost;
    synchronized (this) {
      lost = of(owner).stream().filter(recorded -> recorded.verifier() == verifier).toList();
    }
    forget(lost);
  }

  private void forget(List<Recorded> lost) {
    for (Recorded recorded : lost) {
      records.remove(recorded.key());
      synchronized (this) {
        awaited.remove(recorded.key());
        endIfNobodyIsAwaited();
      }
    }
  }

  /**
   * A client said RECLAIM_COMPLETE.
   *
   * @return the key of the record that it keeps; empty when it has none
   */
  synchronized List<String> completed(Opaque owner, long verifier) {
    if (phase != Phase.RECLAIMING) {
      return List.of();
    }
    List<String> kept =
        of(owner).stream()
            .filter(recorded -> recorded.verifier() == verifier)
            .map(Recorded::key)
            .toList();
    kept.forEach(awaited::remove);
    endIfNobodyIsAwaited();
    return kept;
  }

  private void endIfNobodyIsAwaited() {
    if (awaited.isEmpty() && phase == Phase.RECLAIMING && reclaims == 0) {
      phase = Phase.OVER;
      LOG.info("Every NFS client has reclaimed; the grace period is over");
    }
  }

  /**
   * Lets a client reclaim something.
   *
   * @throws NfsException NO_GRACE after the end, RECLAIM_BAD for a client without a record
   */
  synchronized ReclaimPermit reclaim(Opaque owner, long verifier) {
    if (phase != Phase.RECLAIMING) {
      throw new NfsException(NfsStatus.NO_GRACE);
    }
    if (of(owner).stream().noneMatch(recorded -> recorded.verifier() == verifier)) {
      throw new NfsException(NfsStatus.RECLAIM_BAD);
    }
    reclaims++;
    return this::endReclaim;
  }

  private synchronized void endReclaim() {
    reclaims--;
    endIfNobodyIsAwaited();
  }

  /** Ends the grace period when its time has come, and says so. Blocks; to be called regularly. */
  void tick(long nowNanos) {
    List<Recorded> late;
    synchronized (this) {
      if (busy) {
        return;
      }
      if (phase == Phase.RECLAIMING && nowNanos - endNanos >= 0) {
        phase = Phase.CLOSING;
      }
      boolean closes = phase == Phase.CLOSING && reclaims == 0;
      if (!closes && (phase != Phase.OVER || announced)) {
        return;
      }
      busy = true;
      late = new ArrayList<>(awaited.values());
    }
    try {
      close(late);
      whenOver.run();
      synchronized (this) {
        announced = true;
      }
    } finally {
      synchronized (this) {
        busy = false;
      }
    }
  }

  private void close(List<Recorded> late) {
    for (Recorded recorded : late) {
      records.remove(recorded.key());
    }
    synchronized (this) {
      if (phase == Phase.CLOSING) {
        phase = Phase.OVER;
        LOG.info("The grace period is over; {} NFS clients did not reclaim", late.size());
      }
      awaited.clear();
    }
  }
}
