package io.forebay.engine.segment;

import io.forebay.engine.object.RetryPolicy;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.segment.StagedSegment.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals segments and puts them into the bucket: two sealers and {@code uploadConcurrency} uploaders
 * on virtual threads, retrying for ever. An uploader whose store fails waits with what it has in
 * hand, so that a bucket that is away sees few attempts; the first success wakes all.
 *
 * <p>The queues hold each staged segment at most once, so the staging budget bounds them.
 */
final class Uploader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Uploader.class);
  private static final int SEALERS = 2;
  private static final String UPLOADS = "upload";

  /** The deadline does not count here. */
  private static final RetryPolicy BACKOFF =
      new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofDays(1));

  /** Tells staging that a segment's file has left. */
  interface Release {
    void release(StagedSegment segment, boolean forget);
  }

  private final StagingContext context;
  private final Sealing sealing;
  private final Release release;
  private final DelayQueue<Job> toSeal = new DelayQueue<>();
  private final DelayQueue<Job> toUpload = new DelayQueue<>();
  private final List<Thread> workers = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ReentrantLock backoffLock = new ReentrantLock();
  private final Condition storeIsBack = backoffLock.newCondition();
  private long successes;
  private final Counter uploaded;
  private final Counter failed;
  private final Counter lost;

  Uploader(StagingContext context, Sealing sealing, Release release, MeterRegistry meters) {
    this.context = context;
    this.sealing = sealing;
    this.release = release;
    this.uploaded = meters.counter("forebay.staging.uploads", "outcome", "ok");
    this.failed = meters.counter("forebay.staging.uploads", "outcome", "failed");
    this.lost = meters.counter("forebay.staging.segments.lost");
    Gauge.builder("forebay.staging.upload.queue", toUpload, DelayQueue::size).register(meters);
  }

  /** A segment waiting for a worker, not before a moment. */
  private final class Job implements Delayed {
    private final StagedSegment segment;
    private final long notBeforeNanos;
    private final int failures;

    Job(StagedSegment segment, long delayNanos, int failures) {
      this.segment = segment;
      this.notBeforeNanos = context.time().monotonicNanos() + delayNanos;
      this.failures = failures;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(notBeforeNanos - context.time().monotonicNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  void start() {
    for (int i = 0; i < SEALERS; i++) {
      workers.add(Thread.ofVirtual().name("seal-" + i).start(() -> work(toSeal, this::seal)));
    }
    for (int i = 0; i < context.uploadConcurrency(); i++) {
      workers.add(Thread.ofVirtual().name("upload-" + i).start(() -> work(toUpload, this::upload)));
    }
  }

  /** Takes a segment in phase SEALING or SEALED on. */
  void submit(StagedSegment segment) {
    (segment.phase() == Phase.SEALED ? toUpload : toSeal).add(new Job(segment, 0, 0));
  }

  /** Moves a segment to the front. */
  void hasten(StagedSegment segment) {
    segment.hasten();
    if (toUpload.removeIf(job -> job.segment == segment)) {
      toUpload.add(urgentJob(segment));
    }
  }

  private Job urgentJob(StagedSegment segment) {
    return new Job(segment, -TimeUnit.HOURS.toNanos(1), 0);
  }

  private interface Work {
    void on(Job job) throws IOException, InterruptedException;
  }

  private void work(DelayQueue<Job> queue, Work work) {
    while (!closed.get()) {
      Job job = null;
      try {
        job = queue.take();
        work.on(job);
        context.problems().clear(job.segment.path().toString());
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException | Error e) {
        // Out of memory counts too: whatever it was, the segment must not be forgotten.
        if (job != null && !closed.get()) {
          again(queue, job, e);
        }
      }
    }
  }

  /** A failure of this machine: of the staging disk, or of the metadata. */
  private void again(DelayQueue<Job> queue, Job job, Throwable e) {
    failed.increment();
    int failures = job.failures + 1;
    StagedSegment segment = job.segment;
    if (context
        .problems()
        .report(segment.path().toString(), segment.path() + " cannot be uploaded: " + e)) {
      log.warn("{} cannot be uploaded, trying on", segment.path(), e);
    }
    segment.uploadFailed();
    queue.add(new Job(segment, BACKOFF.delayNanos(failures, context.random()), failures));
  }

  // --- sealing

  private void seal(Job job) throws IOException {
    StagedSegment segment = job.segment;
    switch (segment.phase()) {
      case OPEN, SEALING -> {
        switch (sealing.seal(segment)) {
          case SEALED -> recordSealed(segment);
          case EMPTY -> drop(segment);
          case DAMAGED -> lose(segment);
        }
      }
      // An earlier try sealed it, and could not tell the metadata.
      case SEALED -> recordSealed(segment);
      case STORED, LOST, DROPPED -> settle(segment);
    }
  }

  private void recordSealed(StagedSegment segment) {
    PageChecksums pages = pagesOf(segment);
    context.ledger().sealed(segment.id(), pages.dataLength(), pages);
    toUpload.add(segment.isUrgent() ? urgentJob(segment) : new Job(segment, 0, 0));
  }

  private static PageChecksums pagesOf(StagedSegment segment) {
    PageChecksums pages = segment.pages();
    if (pages == null) {
      throw new IllegalStateException(segment.id() + " is sealed without checksums");
    }
    return pages;
  }

  // --- uploading

  private void upload(Job job) throws IOException, InterruptedException {
    StagedSegment segment = job.segment;
    SegmentId id = segment.id();
    if (segment.phase() != Phase.SEALED) {
      settle(segment);
      return;
    }
    if (isUnwanted(id)) {
      drop(segment);
      return;
    }
    if (!putUntilStored(segment)) {
      lose(segment);
      return;
    }
    uploaded.increment();
    boolean settled = recordStored(segment);
    segment.closeFile();
    try {
      context.handover().adopt(id, segment.path(), pagesOf(segment).dataLength(), true);
    } finally {
      // The bucket has it, whatever becomes of the file.
      segment.become(Phase.STORED);
      release.release(segment, settled);
    }
  }

  /** False when the file is damaged, twice over: one bad read may be the transfer's fault. */
  private boolean putUntilStored(StagedSegment segment) throws InterruptedException {
    int damages = 0;
    for (int failures = 1; ; failures++) {
      VerifiedBody body = new VerifiedBody(segment, pagesOf(segment));
      if (put(segment, body)) {
        return true;
      }
      if (body.isDamaged() && ++damages >= 2) {
        return false;
      }
      awaitStore(BACKOFF.delayNanos(failures, context.random()));
    }
  }

  /** Nothing committed refers to it, and nobody is left who could commit something that does. */
  private boolean isUnwanted(SegmentId id) {
    // In this order: once there is no pin, there will be no commit that the row does not show.
    return !context.pins().isPinned(id)
        && context.ledger().find(id).map(row -> row.liveBytes() == 0).orElse(true);
  }

  private boolean put(StagedSegment segment, VerifiedBody body) {
    try {
      context.store().put(SegmentFormat.objectKey(segment.id()), body);
      if (context.problems().clear(UPLOADS)) {
        log.info("uploads to {} work again", context.store().describe());
      }
      signalStoreIsBack();
      return true;
    } catch (StoreException e) {
      if (!body.isDamaged()) {
        failed.increment();
        segment.uploadFailed();
        String sentence = "uploads to " + context.store().describe() + " fail: " + e;
        if (context.problems().report(UPLOADS, sentence)) {
          log.warn("{}; what is written stays in staging until they work", sentence);
        }
      }
      return false;
    }
  }

  private void awaitStore(long delayNanos) throws InterruptedException {
    backoffLock.lockInterruptibly();
    try {
      long seen = successes;
      long left = delayNanos;
      while (left > 0 && successes == seen) {
        left = storeIsBack.awaitNanos(left);
      }
    } finally {
      backoffLock.unlock();
    }
  }

  private void signalStoreIsBack() {
    backoffLock.lock();
    try {
      successes++;
      storeIsBack.signalAll();
    } finally {
      backoffLock.unlock();
    }
  }

  // --- what becomes of a segment

  /**
   * Writes into the metadata that the object is there.
   *
   * @return whether staging may forget the segment
   */
  private boolean recordStored(StagedSegment segment) {
    SegmentId id = segment.id();
    boolean pinned = context.pins().isPinned(id);
    Optional<SegmentLedger.Row> row = context.ledger().find(id);
    if (row.isEmpty()) {
      return false;
    }
    SegmentState state = row.get().state();
    if (state == SegmentState.OPEN || state == SegmentState.SEALED) {
      PageChecksums pages = pagesOf(segment);
      context.ledger().sealed(id, pages.dataLength(), pages);
      context.ledger().stored(id);
    }
    return !segment.isPoisoned() || !pinned;
  }

  /** A poisoned one has to go on refusing its writers; one that is not known is in the bucket. */
  private boolean isSettled(StagedSegment segment) {
    return !segment.isPoisoned() || !context.pins().isPinned(segment.id());
  }

  /** Looks after segments that were stored, or lost, before their first commit. */
  void settle(StagedSegment segment) {
    SegmentId id = segment.id();
    Phase phase = segment.phase();
    if (phase == Phase.DROPPED && isSettled(segment)) {
      release.release(segment, true);
    }
    if (phase != Phase.STORED && phase != Phase.LOST) {
      return;
    }
    boolean pinned = context.pins().isPinned(id);
    Optional<SegmentLedger.Row> row = context.ledger().find(id);
    if (phase == Phase.LOST) {
      if (row.isPresent() && row.get().state() != SegmentState.LOST) {
        context.ledger().lost(id);
      }
      release.release(segment, !pinned);
    } else if (row.isPresent()) {
      if (recordStored(segment)) {
        release.release(segment, true);
      }
    } else if (!pinned && forgetObject(id)) {
      release.release(segment, true);
    }
  }

  /** Removes an object that no commit ever named. */
  private boolean forgetObject(SegmentId id) {
    try {
      context.store().delete(SegmentFormat.objectKey(id));
      context.handover().drop(id);
      return true;
    } catch (StoreException e) {
      // Tried again at the next settling.
      log.debug("cannot delete the object of {} yet: {}", id, e.toString());
      return false;
    }
  }

  /** Deletes the file of a segment that nobody wants. */
  private void drop(StagedSegment segment) throws IOException {
    SegmentId id = segment.id();
    segment.closeFile();
    context.files().delete(segment.path());
    Optional<SegmentLedger.Row> row = context.ledger().find(id);
    if (row.isPresent()) {
      PageChecksums pages = segment.pages();
      PageChecksums known = pages == null ? new PageChecksums(new int[0], 0) : pages;
      context.ledger().sealed(id, known.dataLength(), known);
      context.ledger().stored(id);
    }
    segment.become(Phase.DROPPED);
    release.release(segment, isSettled(segment));
  }

  /** The bytes are wrong: says so, keeps the file aside for people, fails its readers. */
  private void lose(StagedSegment segment) throws IOException {
    lost.increment();
    segment.closeFile();
    segment.become(Phase.LOST);
    Damage.report(
        context, segment.path(), segment.id(), "its bytes changed between append and upload");
    settle(segment);
  }

  @Override
  public void close() {
    closed.set(true);
    workers.forEach(Thread::interrupt);
    for (Thread worker : workers) {
      join(worker);
    }
  }

  private static void join(Thread worker) {
    try {
      if (!worker.join(Duration.ofSeconds(10))) {
        log.warn("{} does not stop", worker.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
