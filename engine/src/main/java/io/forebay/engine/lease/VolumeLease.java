package io.forebay.engine.lease;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.RetryPolicy;
import io.forebay.engine.object.RetryingObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This gateway's lease on its volume, from {@link #acquire} to {@link #close} (docs/decisions,
 * "lease"). Two gates hang on it:
 *
 * <ul>
 *   <li>{@link #requireHeld}, for changes of the bucket: only while the last renewal is younger
 *       than the duration less the margin;
 *   <li>{@link #requireOwner}, for everything clients see: while nobody has taken the volume over
 *       as far as the bucket could be asked, and it was asked not long ago. A bucket that does not
 *       answer ends nothing; a process that was paused asks before it does anything else.
 * </ul>
 *
 * <p>A newer epoch ends both for good. Thread-safe.
 */
public final class VolumeLease implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(VolumeLease.class);

  /** The key of the lease object: written every few seconds while the bucket answers. */
  public static final String KEY = LeaseRecord.KEY;

  /** Ids up to here are of one epoch: {@link #firstIdOf}. */
  private static final int EPOCH_SHIFT = 32;

  /** What this gateway wrote last, as far as it knows. */
  private record Held(LeaseRecord record, String version, long sinceNanos) {}

  private final ObjectStore store;
  private final LeaseTerms terms;
  private final TimeSource time;
  private final LeaseTaking taking;
  private final ReentrantLock turn = new ReentrantLock();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable Held held;
  private volatile @Nullable String lostTo;
  private volatile @Nullable String unreachable;
  private volatile long askedNanos;
  private volatile boolean closed;

  private VolumeLease(ObjectStore store, LeaseTerms terms, TimeSource time, LeaseTaking taking) {
    this.store = store;
    this.terms = terms;
    this.time = time;
    this.taking = taking;
    this.askedNanos = time.monotonicNanos();
  }

  /**
   * Takes the lease, or finds that the bucket does not answer: then a gateway that has had it
   * before goes on with what it has on its disks, and takes it as soon as it can.
   *
   * @param store one attempt a call; not closed with this
   * @param bucketAnswers whether it did a moment ago: else it is not asked now
   * @param hadBefore whether this volume has had a lease on this bucket
   * @param epochAfter gives, for the largest epoch in the bucket, one that is larger and above all
   *     this volume's metadata knows of, durably noted before it is returned
   * @throws EngineException {@link ErrorCode#FENCED} when another gateway has it: the message says
   *     who, where, until when; {@link ErrorCode#UNAVAILABLE} for a bucket that does not work
   */
  public static VolumeLease acquire(
      ObjectStore store,
      GatewayIdentity identity,
      LeaseTerms terms,
      boolean bucketAnswers,
      boolean hadBefore,
      LongUnaryOperator epochAfter,
      TimeSource time,
      RandomGenerator random) {
    ObjectStore patient = new RetryingObjectStore(store, RetryPolicy.DEFAULT, time, random);
    return acquire(
        store,
        bucketAnswers,
        hadBefore,
        new LeaseTaking(
            store, patient, identity, terms, epochAfter, time, random, LockSupport::parkNanos),
        terms,
        time);
  }

  /** As the other; a test lets its own time pass. */
  static VolumeLease acquire(
      ObjectStore store,
      boolean bucketAnswers,
      boolean hadBefore,
      LeaseTaking taking,
      LeaseTerms terms,
      TimeSource time) {
    VolumeLease lease = new VolumeLease(store, terms, time, taking);
    if (bucketAnswers) {
      lease.take(hadBefore);
    } else {
      lease.goWithout("it did not answer at the start");
    }
    return lease;
  }

  private void take(boolean mayGoWithout) {
    try {
      LeaseTaking.Taken taken = taking.take();
      held = new Held(taken.record(), taken.version(), taken.sinceNanos());
      askedNanos = taken.sinceNanos();
    } catch (StoreException e) {
      if (!mayGoWithout || !isSilence(e)) {
        throw new EngineException(
            ErrorCode.UNAVAILABLE, "the lease on the volume cannot be taken: " + e, e);
      }
      goWithout(e.toString());
    } catch (EngineException e) {
      throw e.code() == ErrorCode.FENCED
          ? new EngineException(
              ErrorCode.FENCED,
              "the volume in " + store.describe() + " is held by " + e.getMessage(),
              e)
          : e;
    }
  }

  private void goWithout(String why) {
    askedNanos = time.monotonicNanos();
    unreachable = why;
    log.warn("the lease on the volume cannot be taken yet, going on without the bucket: {}", why);
  }

  private static boolean isSilence(StoreException e) {
    return e.kind() == Kind.DOWN || e.kind() == Kind.THROTTLED || e.kind() == Kind.AMBIGUOUS;
  }

  // --- what it says

  /**
   * The epoch of this run, 1 or more; larger than that of every earlier run of any gateway.
   *
   * @throws EngineException {@link ErrorCode#UNAVAILABLE} as long as the bucket has not answered
   *     since the start
   */
  public long epoch() {
    Held now = held;
    if (now == null) {
      throw new EngineException(ErrorCode.UNAVAILABLE, "the bucket has given no lease yet");
    }
    return now.record().epoch();
  }

  /** Whether this run has an epoch yet. */
  public boolean hasEpoch() {
    return held != null;
  }

  /** The first number of a range that only this epoch gives out, 2^32 long. */
  public static long firstIdOf(long epoch) {
    return epoch << EPOCH_SHIFT;
  }

  /** Whether another gateway has taken the volume over. Never blocks. */
  public boolean isLost() {
    return lostTo != null;
  }

  /** What is wrong right now, one sentence each. Never blocks. */
  public List<String> problems() {
    List<String> all = new ArrayList<>();
    String to = lostTo;
    String silence = unreachable;
    if (to != null) {
      all.add("this gateway has lost the volume to " + to);
    } else if (silence != null && !isHeld()) {
      all.add("the lease on the volume is not confirmed, nothing goes to the bucket: " + silence);
    }
    return all;
  }

  /** Runs once, when another gateway has taken over; on the thread that finds out. */
  public void onLoss(Runnable listener) {
    listeners.add(listener);
    if (lostTo != null) {
      runOnce(listener);
    }
  }

  private void runOnce(Runnable listener) {
    if (listeners.remove(listener)) {
      listener.run();
    }
  }

  // --- the gates

  /**
   * Before each change of the bucket.
   *
   * @throws StoreException {@link Kind#REFUSED} when the volume is lost, {@link Kind#DOWN} while
   *     the lease is not confirmed
   */
  public void requireHeld() {
    String to = lostTo;
    if (to != null) {
      throw new StoreException(Kind.REFUSED, "this gateway has lost the volume to " + to);
    }
    if (!isHeld()) {
      throw new StoreException(Kind.DOWN, "the lease on the volume is not confirmed");
    }
  }

  private boolean isHeld() {
    Held now = held;
    return now != null
        && !closed
        && time.monotonicNanos() - now.sinceNanos() < terms.reliedOnNanos();
  }

  /**
   * Before and after whatever clients are told. Blocks for a moment after a pause of the process,
   * until the bucket has answered or is known not to.
   *
   * @throws EngineException {@link ErrorCode#FENCED}
   */
  public void requireOwner() {
    // Taking the lease notes its epoch in the metadata, which asks here.
    if (lostTo == null && !isFresh() && !turn.isHeldByCurrentThread()) {
      ask();
    }
    String to = lostTo;
    if (to != null) {
      throw new EngineException(ErrorCode.FENCED, "this gateway has lost the volume to " + to);
    }
  }

  /** A look at the clock, before the first answer of the bucket as well. */
  private boolean isFresh() {
    return time.monotonicNanos() - askedNanos < terms.reliedOnNanos();
  }

  private void ask() {
    turn.lock();
    try {
      if (lostTo == null && !closed && !isFresh()) {
        renew();
      }
    } finally {
      turn.unlock();
    }
  }

  // --- renewing

  /** Renews, or takes the lease if there was no answer before; for a background loop. */
  public void renewOnce() {
    turn.lock();
    try {
      if (lostTo == null && !closed) {
        renew();
      }
    } finally {
      turn.unlock();
    }
  }

  private void renew() {
    long begun = time.monotonicNanos();
    try {
      Held before = held;
      if (before == null) {
        LeaseTaking.Taken taken = taking.takeOnce();
        held = new Held(taken.record(), taken.version(), taken.sinceNanos());
        begun = taken.sinceNanos();
        log.info("the bucket has given the lease on the volume, epoch {}", epoch());
      } else {
        write(before, before.record().renewed(time.epochNanos()), begun);
      }
      if (unreachable != null) {
        unreachable = null;
        log.info("the lease on the volume is confirmed again");
      }
    } catch (StoreException e) {
      // Every answer that is none: whoever holds the lease now, nobody has told us.
      if (unreachable == null) {
        log.warn("the lease on the volume cannot be renewed for now: {}", e.toString());
      }
      unreachable = e.toString();
    } catch (EngineException e) {
      lose(String.valueOf(e.getMessage()));
    }
    askedNanos = begun;
  }

  private void write(Held before, LeaseRecord next, long begun) {
    try {
      String version =
          Bounded.call(
              terms.patience(),
              () -> store.putIf(LeaseRecord.KEY, next.encode(), Optional.of(before.version())));
      held = new Held(next, version, begun);
    } catch (StoreException e) {
      if (e.kind() != Kind.CONFLICT && e.kind() != Kind.AMBIGUOUS) {
        throw e;
      }
      // A renewal of ours may have arrived whose answer got lost: look.
      reconcile(before, begun, e);
    }
  }

  private void reconcile(Held before, long begun, StoreException because) {
    Optional<LeaseTaking.Seen> seen = Bounded.call(terms.patience(), taking::look);
    if (seen.isEmpty()) {
      log.error("somebody has deleted the lease object of a volume in use; writing it again");
      writeOver(before, Optional.empty(), begun);
    } else if (!seen.get().record().isOfSameRun(before.record())) {
      lose(seen.get().record().holder());
    } else if (seen.get().version().equals(before.version())) {
      throw because;
    } else {
      LeaseRecord ours = seen.get().record();
      Held found = new Held(ours, seen.get().version(), before.sinceNanos());
      held = found;
      writeOver(found, Optional.of(found.version()), begun);
    }
  }

  /** One more attempt, over what was just seen. */
  private void writeOver(Held before, Optional<String> expected, long begun) {
    LeaseRecord next = before.record().renewed(time.epochNanos());
    String version =
        Bounded.call(terms.patience(), () -> store.putIf(LeaseRecord.KEY, next.encode(), expected));
    held = new Held(next, version, begun);
  }

  private void lose(String to) {
    lostTo = to;
    log.error(
        "THIS GATEWAY HAS LOST THE VOLUME to {}. It writes nothing more; what it had not uploaded"
            + " stays in its staging directory",
        to);
    listeners.forEach(this::runOnce);
  }

  /** Gives the lease back, so that the next gateway need not wait; one attempt. */
  @Override
  public void close() {
    turn.lock();
    try {
      Held now = held;
      if (closed || now == null || lostTo != null) {
        return;
      }
      LeaseRecord released = now.record().asReleased(time.epochNanos());
      Bounded.call(
          terms.patience(),
          () -> store.putIf(LeaseRecord.KEY, released.encode(), Optional.of(now.version())));
    } catch (StoreException e) {
      log.warn("the lease stays until it runs out: {}", e.toString());
    } finally {
      closed = true;
      turn.unlock();
    }
  }
}
