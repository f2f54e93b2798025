package io.forebay.engine.shipping;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.metadata.CommitLog;
import io.forebay.engine.metadata.LogRun;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.object.Body;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.RetryPolicy;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.segment.Problems;
import io.forebay.engine.segment.ShippedLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ships the metadata's log to the bucket, every second and whenever somebody waits, and snapshots
 * of the database beside it. A failure is tried again for ever; meanwhile the log grows on the
 * local disk, to {@code CommitLog}'s limit at the most, and nobody waits but those who asked for
 * durability {@code bucket}. Thread-safe.
 */
public final class LogShipper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogShipper.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final RetryPolicy BACKOFF =
      new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofDays(1));

  private final CommitLog commits;
  private final MetadataStore metadata;
  private final ObjectStore store;
  private final Shipment shipment;
  private final Continuation continuation;
  private final SnapshotWriter snapshots;
  private final Problems problems = new Problems();
  private final RandomGenerator random;
  private final Duration interval;
  private final ShippingMetrics metrics;
  private volatile boolean closed;
  private @Nullable Thread shipping;
  private @Nullable Thread snapshotting;

  /**
   * Takes over: from here on the local log begins anew only when it is in the bucket.
   *
   * @param store one attempt a call; not closed with this
   * @param epoch of this gateway, once it has one; larger than that of every gateway that had the
   *     volume before
   * @param interval between two shipments that nobody waits for
   * @param random thread-safe
   */
  public LogShipper(
      MetadataStore metadata,
      ObjectStore store,
      LongSupplier epoch,
      Duration interval,
      TimeSource time,
      RandomGenerator random,
      MeterRegistry meters) {
    this.metadata = metadata;
    this.commits = metadata.commits();
    this.store = store;
    this.random = random;
    this.interval = interval;
    this.shipment = new Shipment(commits, metadata.volume().id(), epoch, time);
    this.metrics = new ShippingMetrics(shipment, meters);
    this.continuation = new Continuation(commits, store, metadata.volume().id());
    this.snapshots = new SnapshotWriter(commits, shipment, store, metrics, time);
    commits.keptBy(shipment);
    metadata.shippedBy(shipment);
  }

  /**
   * Starts to ship.
   *
   * @throws EngineException {@link ErrorCode#FENCED} when the bucket has commits that this database
   *     lacks: it is an old copy, or another gateway has gone on
   */
  public void start() {
    try {
      resolve();
    } catch (StoreException | IOException e) {
      log.warn("the log in the bucket cannot be looked at yet: {}", e.toString());
    }
    shipping = Thread.ofVirtual().name("log-ship").start(() -> repeat(Work.LOG, this::shipOnce));
    snapshotting =
        Thread.ofVirtual()
            .name("log-snapshot")
            .start(() -> repeat(Work.SNAPSHOT, snapshots::runOnce));
  }

  /** How much is in the bucket. */
  public ShippedLog shipped() {
    return shipment;
  }

  /** Waits until all is in the bucket, for a stop; false when that takes too long. */
  public boolean drain(Duration patience) {
    return shipment.await(shipment.position(), patience);
  }

  /** What is wrong right now, one sentence each. Never blocks. */
  public List<String> problems() {
    return problems.list();
  }

  /** What the two threads do. */
  private enum Work {
    LOG("shipping log", "the metadata's log cannot be shipped to the bucket: "),
    SNAPSHOT("shipping snapshot", "no snapshot of the metadata can be put into the bucket: ");

    private final String problem;
    private final String sentence;

    Work(String problem, String sentence) {
      this.problem = problem;
      this.sentence = sentence;
    }
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private void repeat(Work what, Step step) {
    int failures = 0;
    while (!closed) {
      try {
        if (what == Work.LOG) {
          shipment.awaitWork(interval);
        } else {
          LockSupport.parkNanos(SnapshotWriter.TICK.toNanos());
        }
        if (closed) {
          return;
        }
        step.run();
        failures = 0;
        succeeded(what);
      } catch (InterruptedException e) {
        return;
      } catch (StoreException | IOException | EngineException e) {
        failures++;
        if (!closed) {
          failed(what, e);
          LockSupport.parkNanos(BACKOFF.delayNanos(failures, random));
        }
      } catch (RuntimeException | Error e) {
        failures++;
        log.error("event=log_shipping_defect what={}", what, e);
        failed(what, e);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      }
    }
  }

  private void succeeded(Work what) {
    if (what == Work.LOG) {
      shipment.works();
    }
    if (problems.clear(what.problem)) {
      log.info("event=log_shipping_goes_on what={}", what);
    }
  }

  private void failed(Work what, Throwable why) {
    metrics.failures().increment();
    if (what == Work.LOG) {
      shipment.fails();
    }
    if (problems.report(what.problem, what.sentence + why)) {
      log.warn("event=log_shipping_fails what={} cause=\"{}\"", what, why.toString());
    }
  }

  private void resolve() throws IOException {
    if (shipment.isResolved()) {
      return;
    }
    Continuation.Found found = continuation.find();
    shipment.resolved(found);
    log.info("event=log_shipping {}", found);
  }

  private void shipOnce() throws IOException {
    resolve();
    if (shipment.isStarting()) {
      // The writer lets the log begin anew behind this transaction.
      boolean poked = metadata.write(transaction -> true);
      if (!poked || shipment.isStarting()) {
        throw new IOException("the local log could not begin anew yet");
      }
    }
    CommitLog.Tail tail = shipment.take();
    while (!closed) {
      Shipment.Next next = shipment.next();
      Optional<CommitLog.Run> run = commits.read(next.from(), tail, PagesObject.MAX_PAGE_BYTES);
      if (run.isEmpty()) {
        break;
      }
      ByteBuffer object = encode(next, run.get(), tail);
      if (!commits.isCurrent(tail)) {
        return;
      }
      store.put(LogKeys.log(next.place()), Body.of(object));
      metrics.shipped(object.remaining());
      if (!shipment.landed(next, run.get().run().to(), object)) {
        return;
      }
    }
    if (!closed && commits.isCurrent(tail)) {
      shipment.shipped(tail);
    }
  }

  private ByteBuffer encode(Shipment.Next next, CommitLog.Run from, CommitLog.Tail tail)
      throws IOException {
    LogRun run = from.run();
    PagesObject.Builder builder = new PagesObject.Builder();
    byte[] page = new byte[from.pageBytes()];
    for (int number : run.frames().keySet()) {
      from.page(number, ByteBuffer.wrap(page));
      builder.add(number, page);
    }
    return builder.finish(
        new PagesObject.Header(
            PagesObject.Kind.LOG,
            metadata.volume().id(),
            next.place(),
            0,
            run.isWhole(),
            from.pageBytes(),
            run.frames().size(),
            run.databasePages(),
            run.to(),
            tail.committedNanos(),
            next.previous()));
  }

  /** Stops at once; what is not shipped stays in the local log, for the next start. */
  @Override
  public void close() {
    closed = true;
    shipment.stop();
    // No interrupt: it would close the channels of the database that these threads read.
    List<Thread> threads = Stream.of(shipping, snapshotting).filter(Objects::nonNull).toList();
    threads.forEach(LockSupport::unpark);
    try {
      for (Thread each : threads) {
        if (!each.join(STOP_PATIENCE)) {
          log.warn("{} does not stop", each.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
