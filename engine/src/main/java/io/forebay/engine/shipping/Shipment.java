package io.forebay.engine.shipping;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.VolumeId;
import io.forebay.engine.metadata.CommitLog;
import io.forebay.engine.metadata.ContinuityNote;
import io.forebay.engine.metadata.LogKeeper;
import io.forebay.engine.metadata.LogPlace;
import io.forebay.engine.segment.ShippedLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far the log is in the bucket, and who waits for it. What is here is in memory; what a restart
 * needs is in the note beside the database and in the objects themselves.
 */
final class Shipment implements ShippedLog, LogKeeper {
  /** How long an answer waits for a bucket that fails. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration RECHECK = Duration.ofSeconds(1);

  /** How long the writer waits for the last of a log that is to begin anew: while it is small. */
  private static final Duration WRITER_PATIENCE = Duration.ofMillis(500);

  /** And at the most, for one that grows faster than a bucket that works can take it. */
  private static final Duration LONGEST_WRITER_PATIENCE = Duration.ofSeconds(10);

  private static final long SMALL_LOG = 48L << 20;

  private enum Mode {
    /** What is in the bucket is not known yet. */
    UNRESOLVED,
    /** A new generation begins when the local log next begins anew. */
    STARTING,
    SHIPPING
  }

  /** Where the database's own file stands: everything to a sequence number is in it. */
  record Base(long generation, long sequence, Digest digest) {}

  /** What the next object is. */
  record Next(LogKeys.Place place, Digest previous, LogPlace from) {}

  private final CommitLog commits;
  private final VolumeId volume;
  private final LongSupplier epoch;
  private final TimeSource time;
  private final BucketOutage outage;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition progress = lock.newCondition();
  private Mode mode = Mode.UNRESOLVED;
  private long generation;
  private long sequence;
  private Digest last = new Digest("");
  private LogPlace place = LogPlace.BEGINNING;
  private Base base = new Base(0, 0, last);
  private ContinuityNote.@Nullable Content noted;
  private long resetPosition;
  private long logged;
  private boolean hasSnapshot;
  private long snapshotSequence;
  private long snapshotNanos;
  private long bytesSinceSnapshot;
  private volatile boolean wantsReset;
  private boolean hastened;
  private boolean isTaken;
  private long takenSinceNanos;
  private volatile boolean stopped;

  Shipment(CommitLog commits, VolumeId volume, LongSupplier epoch, TimeSource time) {
    this.commits = commits;
    this.volume = volume;
    this.epoch = epoch;
    this.time = time;
    this.outage = new BucketOutage(time);
  }

  // --- ShippedLog

  @Override
  public long position() {
    return commits.position();
  }

  @Override
  public boolean isShipped(long position) {
    lock.lock();
    try {
      return hasSnapshot && mode == Mode.SHIPPING && logged >= position;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitShipped(long position) {
    if (await(position, PATIENCE)) {
      return;
    }
    throw stopped || Thread.currentThread().isInterrupted()
        ? new EngineException(ErrorCode.SHUTTING_DOWN, "stopped before the log was shipped")
        : new EngineException(ErrorCode.UNAVAILABLE, "the bucket does not take the log now");
  }

  /** Past its patience only a bucket that works, however slowly, is waited for. */
  boolean await(long position, Duration patience) {
    long deadline = time.monotonicNanos() + patience.toNanos();
    lock.lock();
    try {
      while (!isShipped(position)) {
        long left = deadline - time.monotonicNanos();
        if (stopped || (left <= 0 && (outage.isUnderWay() || patience.compareTo(PATIENCE) < 0))) {
          return false;
        }
        hasten();
        long wait = Math.clamp(left, TimeUnit.MILLISECONDS.toNanos(1), RECHECK.toNanos());
        if (progress.awaitNanos(wait) <= 0 && stopped) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void hasten() {
    hastened = true;
    work.signalAll();
  }

  @Override
  public void requireShipping() {
    outage.requireShort();
  }

  // --- LogKeeper, on the writer's thread

  @Override
  public boolean wantsReset() {
    return wantsReset;
  }

  @Override
  public boolean beforeReset(long position) {
    long at;
    Digest digest;
    long of;
    lock.lock();
    try {
      switch (mode) {
        case UNRESOLVED -> {
          return false;
        }
        case STARTING -> {
          // Whatever is in the log becomes part of the first snapshot.
        }
        case SHIPPING -> {
          if (!awaitLogged(position)) {
            return false;
          }
        }
      }
      of = generation;
      at = sequence;
      digest = last;
      resetPosition = position;
    } finally {
      lock.unlock();
    }
    commits.note().write(new ContinuityNote.Content(of, at, digest.hex(), 0, 0, true));
    return true;
  }

  private boolean awaitLogged(long position) {
    Duration patience = commits.logBytes() <= SMALL_LOG ? WRITER_PATIENCE : LONGEST_WRITER_PATIENCE;
    long left = patience.toNanos();
    try {
      while (logged < position) {
        if (stopped || outage.isUnderWay() || left <= 0) {
          return false;
        }
        hasten();
        left = progress.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void afterReset(boolean done) {
    ContinuityNote.@Nullable Content before;
    lock.lock();
    try {
      before = noted;
      if (done) {
        wantsReset = false;
        place = LogPlace.BEGINNING;
        if (mode == Mode.UNRESOLVED) {
          return;
        }
        base = new Base(generation, sequence, last);
        if (mode == Mode.STARTING) {
          mode = Mode.SHIPPING;
          logged = resetPosition;
        }
      }
    } finally {
      lock.unlock();
    }
    if (done) {
      note();
    } else if (before == null) {
      commits.note().delete();
    } else {
      commits.note().write(before);
    }
  }

  private void note() {
    Base now = base();
    ContinuityNote.Content content =
        commits.noteReset(now.generation(), now.sequence(), now.digest().hex());
    lock.lock();
    try {
      noted = content;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void abandon() {
    commits.note().delete();
    lock.lock();
    try {
      noted = null;
      resetPosition = commits.position();
      if (mode != Mode.UNRESOLVED) {
        begin(generation + 1);
      }
    } finally {
      lock.unlock();
    }
  }

  private void begin(long newGeneration) {
    mode = Mode.STARTING;
    generation = newGeneration;
    sequence = 0;
    last = Digest.of("forebay log\n" + volume + "\n" + newGeneration + "\n" + epoch() + "\n");
    hasSnapshot = false;
    snapshotSequence = 0;
    bytesSinceSnapshot = 0;
    wantsReset = true;
  }

  // --- the shipper

  boolean isResolved() {
    lock.lock();
    try {
      return mode != Mode.UNRESOLVED;
    } finally {
      lock.unlock();
    }
  }

  void resolved(Continuation.Found found) {
    lock.lock();
    try {
      switch (found) {
        case Continuation.Fresh fresh -> begin(fresh.generation());
        case Continuation.GoesOn on -> {
          mode = Mode.SHIPPING;
          generation = on.note().generation();
          sequence = on.sequence();
          last = on.digest();
          place = on.place();
          base = new Base(generation, on.note().sequence(), new Digest(on.note().digest()));
          noted = on.note();
          hasSnapshot = on.snapshotSequence() >= 0;
          snapshotSequence = Math.max(0, on.snapshotSequence());
          snapshotNanos = time.epochNanos();
          wantsReset = on.note().isResetting();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isStarting() {
    lock.lock();
    try {
      return mode == Mode.STARTING;
    } finally {
      lock.unlock();
    }
  }

  /** What is to be shipped now; it counts as under way from here on. */
  CommitLog.Tail take() {
    long waited = commits.waitedNanos();
    lock.lock();
    try {
      hastened = false;
      if (!isTaken && waited > 0) {
        isTaken = true;
        takenSinceNanos = time.monotonicNanos() - waited;
      }
      return commits.tail();
    } finally {
      lock.unlock();
    }
  }

  Next next() {
    lock.lock();
    try {
      return new Next(new LogKeys.Place(generation, sequence + 1, epoch()), last, place);
    } finally {
      lock.unlock();
    }
  }

  /** An object is in the bucket; false when its generation was given up meanwhile. */
  boolean landed(Next object, LogPlace end, ByteBuffer bytes) {
    lock.lock();
    try {
      if (generation != object.place().generation() || sequence + 1 != object.place().sequence()) {
        return false;
      }
      sequence++;
      last = PagesObject.digestOf(bytes);
      place = end;
      bytesSinceSnapshot += bytes.remaining();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Everything of a tail is in the bucket. */
  void shipped(CommitLog.Tail tail) {
    lock.lock();
    try {
      logged = Math.max(logged, tail.position());
      isTaken = false;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void works() {
    outage.end();
  }

  void fails() {
    outage.begin();
    lock.lock();
    try {
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until somebody waits, or for an interval. */
  void awaitWork(Duration interval) throws InterruptedException {
    lock.lock();
    try {
      long left = interval.toNanos();
      while (!hastened && !stopped && left > 0) {
        left = work.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      work.signalAll();
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isStopped() {
    return stopped;
  }

  // --- snapshots

  Base base() {
    lock.lock();
    try {
      return base;
    } finally {
      lock.unlock();
    }
  }

  long epoch() {
    return epoch.getAsLong();
  }

  VolumeId volume() {
    return volume;
  }

  /** What a decision for a snapshot needs. */
  record Need(boolean isShipping, boolean hasSnapshot, long objects, long bytes, long ageNanos) {}

  Need need() {
    lock.lock();
    try {
      return new Need(
          mode == Mode.SHIPPING,
          hasSnapshot,
          sequence - snapshotSequence,
          bytesSinceSnapshot,
          time.epochNanos() - snapshotNanos);
    } finally {
      lock.unlock();
    }
  }

  /** The database's file is older than a snapshot should be. */
  boolean requireNewBase() {
    lock.lock();
    try {
      if (hasSnapshot && base.sequence() <= snapshotSequence) {
        wantsReset = true;
        return true;
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  void hasSnapshot(Base of) {
    lock.lock();
    try {
      if (generation == of.generation()) {
        hasSnapshot = true;
        snapshotSequence = of.sequence();
        bytesSinceSnapshot = 0;
        snapshotNanos = time.epochNanos();
        progress.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  // --- metrics

  long unshippedAgeNanos() {
    lock.lock();
    try {
      return isTaken ? time.monotonicNanos() - takenSinceNanos : commits.waitedNanos();
    } finally {
      lock.unlock();
    }
  }

  long snapshotAgeNanos() {
    lock.lock();
    try {
      return hasSnapshot ? time.epochNanos() - snapshotNanos : 0;
    } finally {
      lock.unlock();
    }
  }
}
