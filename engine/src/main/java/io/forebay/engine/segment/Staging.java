package io.forebay.engine.segment;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.segment.StagedSegment.Phase;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments that are not in the bucket yet, in files {@code staging/<id>.seg}. Small writers share
 * one pack segment; a stream that writes much has segments of its own. A segment is sealed when it
 * is full or its first append has waited for the upload delay, and then uploaded.
 *
 * <p>Locks, in this order: a stream's, the pack's, a segment's. The pack's is held while a new file
 * is created, since nobody can append before it is there.
 */
public final class Staging implements SegmentWriter {
  private static final Logger log = LoggerFactory.getLogger(Staging.class);

  /** A stream that expects or has written more than this gets segments of its own. */
  static final long OWN_SEGMENT_THRESHOLD = 1 << 20;

  private static final Duration BUDGET_PATIENCE = Duration.ofSeconds(2);

  /** How long {@link #store} waits for a bucket that fails. */
  private static final Duration STORE_PATIENCE = Duration.ofSeconds(30);

  private static final Duration RECHECK = Duration.ofSeconds(1);

  private static final Duration SETTLE_INTERVAL = Duration.ofMillis(200);

  private static final int IDS_PER_LEASE = 256;

  private final StagingContext context;
  private final Uploader uploader;
  private final DirectoryForce directoryForce;
  private final StagingBudget budget;
  private final OpenFiles<SegmentId> openFiles;
  private final ConcurrentHashMap<SegmentId, StagedSegment> segments = new ConcurrentHashMap<>();

  /** Those of an earlier run that recovery could not decide on yet. */
  private final Set<SegmentId> undecided = ConcurrentHashMap.newKeySet();

  private final ReentrantLock packLock = new ReentrantLock();
  private @Nullable StagedSegment pack;
  private final ReentrantLock idLock = new ReentrantLock();
  private long nextId;
  private int idsLeft;
  private volatile long lastSettledNanos;
  private volatile boolean closed;

  /** Takes no files over: that is {@link StagingRecovery}'s, before the first append. */
  public Staging(StagingContext context, MeterRegistry meters) {
    this.context = context;
    this.directoryForce = new DirectoryForce(context.directory(), context.files());
    this.budget = new StagingBudget(context.budgetBytes(), BUDGET_PATIENCE);
    this.openFiles = new OpenFiles<>(context.files(), 256);
    this.uploader =
        new Uploader(context, new Sealing(context, directoryForce), this::release, meters);
    Gauge.builder("forebay.staging.bytes", budget, StagingBudget::used)
        .description("Bytes written and not in the bucket yet")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("forebay.staging.segments", segments, ConcurrentHashMap::size)
        .description("Segments not in the bucket yet")
        .register(meters);
  }

  /** Starts the workers that seal and upload. */
  public void start() {
    uploader.start();
  }

  // --- SegmentWriter

  @Override
  public AppendStream open(long expectedBytes) {
    return new StagingStream(this, expectedBytes > OWN_SEGMENT_THRESHOLD);
  }

  @Override
  public void sync(Collection<SegmentId> ids) {
    for (SegmentId id : ids) {
      StagedSegment segment = segments.get(id);
      // One that is not here any more is in the bucket.
      if (segment != null) {
        segment.sync(directoryForce);
      }
    }
  }

  @Override
  public void store(Collection<SegmentId> ids) {
    List<StagedSegment> waitFor = new ArrayList<>();
    for (SegmentId id : ids) {
      StagedSegment segment = segments.get(id);
      if (segment != null) {
        seal(segment);
        uploader.hasten(segment);
        waitFor.add(segment);
      }
    }
    long deadline = context.time().monotonicNanos() + STORE_PATIENCE.toNanos();
    for (StagedSegment segment : waitFor) {
      Phase phase = awaitStored(segment, deadline);
      if (phase == Phase.LOST) {
        throw new EngineException(ErrorCode.IO, segment.id() + " was damaged before its upload");
      }
      if (phase.compareTo(Phase.STORED) < 0) {
        throw closed
            ? new EngineException(ErrorCode.SHUTTING_DOWN, "stopped before the upload ended")
            : new EngineException(ErrorCode.UNAVAILABLE, "the bucket takes no uploads now");
      }
    }
  }

  /** Past the deadline only a bucket that works, however slowly, is waited for. */
  private Phase awaitStored(StagedSegment segment, long deadline) {
    while (true) {
      long left = deadline - context.time().monotonicNanos();
      Phase phase = segment.awaitStored(Math.max(left, RECHECK.toNanos()));
      if (phase.compareTo(Phase.STORED) >= 0
          || closed
          || Thread.currentThread().isInterrupted()
          || (left <= 0 && segment.hasUploadFailed())) {
        return phase;
      }
    }
  }

  @Override
  public long stagedBytes() {
    return budget.used();
  }

  // --- for streams

  /** Takes room in the budget, or throws. */
  void admit(int bytes) {
    if (closed) {
      throw new EngineException(ErrorCode.SHUTTING_DOWN, "staging is closed");
    }
    budget.take(bytes, this::sealAll);
  }

  /** Gives room back that no segment was charged for. */
  void giveBack(long bytes) {
    budget.release(bytes);
  }

  /** A place in the shared pack segment. */
  Placement placeInPack(int wanted) {
    packLock.lock();
    try {
      while (true) {
        StagedSegment current = pack;
        if (current == null) {
          current = newSegment();
          pack = current;
        }
        SegmentSlice slice = reserve(current, wanted, true);
        if (slice != null) {
          return new Placement(current, slice);
        }
        seal(current);
        pack = null;
      }
    } finally {
      packLock.unlock();
    }
  }

  /**
   * A place in a stream's own segment.
   *
   * @param current its last one; sealed when it is full
   */
  Placement placeInOwn(@Nullable StagedSegment current, int wanted) {
    StagedSegment own = current;
    while (true) {
      SegmentSlice slice = own == null ? null : reserve(own, wanted, false);
      if (own != null && slice != null) {
        return new Placement(own, slice);
      }
      if (own != null) {
        seal(own);
      }
      own = newSegment();
    }
  }

  private @Nullable SegmentSlice reserve(StagedSegment segment, int wanted, boolean whole) {
    long now = context.time().monotonicNanos();
    return segment.reserve(wanted, whole, context.segmentBytes(), now, context.pins());
  }

  /** Where an append goes. */
  record Placement(StagedSegment segment, SegmentSlice slice) {}

  SegmentPins pins() {
    return context.pins();
  }

  /** After a failed append: nothing more goes into this segment; what it has is uploaded soon. */
  void retire(StagedSegment segment) {
    seal(segment);
  }

  /** The disk is full: asks the cache for room. */
  void makeRoom(long bytes) {
    context.handover().giveWay(bytes);
  }

  private StagedSegment newSegment() {
    SegmentId id = nextId();
    StagedSegment segment = new StagedSegment(id, context.fileOf(id), context.files());
    try {
      segment.create();
    } catch (IOException e) {
      throw DiskErrors.translate("cannot create a staging file", e);
    }
    segments.put(id, segment);
    return segment;
  }

  private SegmentId nextId() {
    idLock.lock();
    try {
      if (idsLeft == 0) {
        nextId = context.ledger().leaseIds(IDS_PER_LEASE);
        idsLeft = IDS_PER_LEASE;
      }
      idsLeft--;
      return new SegmentId(nextId++);
    } finally {
      idLock.unlock();
    }
  }

  // --- for readers

  /** Opens bytes for reading. */
  public StagedRead read(SegmentSlice slice) {
    SegmentId id = slice.segment();
    StagedSegment segment = segments.get(id);
    if (segment == null) {
      if (undecided.contains(id)) {
        // Not a loss: its disk or its bucket may well answer the next time.
        throw new EngineException(ErrorCode.UNAVAILABLE, id + " could not be recovered yet");
      }
      return new StagedRead.Absent();
    }
    switch (segment.phase()) {
      case STORED, DROPPED -> {
        return new StagedRead.Absent();
      }
      case LOST -> {
        return new StagedRead.Damaged(id + " was damaged in staging");
      }
      case OPEN, SEALING, SEALED -> {
        // Below.
      }
    }
    if (slice.end() > segment.reserved()) {
      return new StagedRead.Damaged("nobody has written " + slice);
    }
    try {
      if (segment.isPoisoned()) {
        return DistrustfulRead.of(segment, slice);
      }
      return new StagedRead.InFile(openFiles.acquire(id, segment.path()));
    } catch (NoSuchFileException e) {
      // Handed over since we looked; or deleted by somebody else, then the bucket may have it.
      return new StagedRead.Absent();
    } catch (IOException e) {
      throw DiskErrors.translate("cannot read a staged file", e);
    }
  }

  /** Whether bytes of this segment are read from here. */
  public boolean has(SegmentId id) {
    StagedSegment segment = segments.get(id);
    return segment != null && segment.phase().compareTo(Phase.STORED) < 0;
  }

  /** Checksums of a segment that is sealed and still known here; its row may not have them yet. */
  public Optional<PageChecksums> checksums(SegmentId id) {
    StagedSegment segment = segments.get(id);
    return segment == null ? Optional.empty() : Optional.ofNullable(segment.pages());
  }

  // --- sealing, uploading, letting go

  /** Seals what is due and settles what waits for its row. Called every few dozen milliseconds. */
  public void runOnce() {
    long now = context.time().monotonicNanos();
    long delay = context.uploadDelay().toNanos();
    sealIf(segment -> segment.isDue(now, delay));
    if (now - lastSettledNanos >= SETTLE_INTERVAL.toNanos()) {
      lastSettledNanos = now;
      segments.values().forEach(uploader::settle);
    }
  }

  private void sealAll() {
    sealIf(segment -> segment.reserved() > 0);
  }

  private void sealIf(Predicate<StagedSegment> wanted) {
    for (StagedSegment segment : segments.values()) {
      if (wanted.test(segment)) {
        seal(segment);
      }
    }
  }

  private void seal(StagedSegment segment) {
    if (segment.beginSealing()) {
      uploader.submit(segment);
    }
  }

  /**
   * Called by the uploader when a segment's file has left staging.
   *
   * @param forget whether there is nothing more to remember of it either
   */
  private void release(StagedSegment segment, boolean forget) {
    openFiles.forget(segment.id());
    budget.release(segment.takeCharge());
    if (forget) {
      segments.remove(segment.id(), segment);
    }
  }

  /** Recovery cannot tell yet whether a segment is here, in the bucket, or lost. */
  void undecided(SegmentId id) {
    undecided.add(id);
  }

  /** Recovery can tell now; after {@link #adopt}, if it was here. */
  void decided(SegmentId id) {
    undecided.remove(id);
  }

  /** Takes over a segment found at start. */
  void adopt(StagedSegment segment, long bytes) {
    segment.charge(bytes);
    budget.charge(bytes);
    segments.put(segment.id(), segment);
    uploader.submit(segment);
  }

  /** Whether staging still has to do with this segment. */
  boolean knows(SegmentId id) {
    return segments.containsKey(id);
  }

  /**
   * Seals and uploads everything.
   *
   * @return whether everything is in the bucket
   */
  public boolean drain(Duration patience) {
    long deadline = context.time().monotonicNanos() + patience.toNanos();
    sealAll();
    for (StagedSegment segment : segments.values()) {
      if (segment.reserved() > 0) {
        segment.awaitStored(deadline - context.time().monotonicNanos());
      }
    }
    long left =
        segments.values().stream()
            .filter(s -> s.reserved() > 0 && s.phase().compareTo(Phase.STORED) < 0)
            .count();
    if (left > 0) {
      log.warn("{} segments stay in staging until the next start", left);
    }
    return left == 0;
  }

  /** Stops the workers; what is staged stays. */
  public void close() {
    closed = true;
    uploader.close();
    for (StagedSegment segment : segments.values()) {
      segment.stop();
      try {
        segment.closeFile();
      } catch (IOException e) {
        log.warn("closing {} failed: {}", segment.path(), e.toString());
      }
    }
    openFiles.close();
  }

  /** Whether writers are slowed down now. */
  public boolean isFull() {
    return budget.isFull();
  }
}
