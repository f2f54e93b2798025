package io.forebay.engine.assembly;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.CompactionReport;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.FileSystem;
import io.forebay.engine.GarbageReport;
import io.forebay.engine.Identity;
import io.forebay.engine.ObjectView;
import io.forebay.engine.Progress;
import io.forebay.engine.RecordStore;
import io.forebay.engine.bucket.BucketContext;
import io.forebay.engine.bucket.StoredObjectView;
import io.forebay.engine.file.FileLayer;
import io.forebay.engine.lease.VolumeLease;
import io.forebay.engine.maintenance.BackgroundLoops;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.StoredRecords;
import io.forebay.engine.segment.Problems;
import io.forebay.engine.shipping.LogShipper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine of this process. */
final class LocalEngine implements Engine {
  private static final Logger log = LoggerFactory.getLogger(LocalEngine.class);
  private static final Duration FILES_TICK = Duration.ofMillis(500);
  private static final Duration DELETION_TICK = Duration.ofSeconds(1);
  private static final Duration SWEEP_TICK = Duration.ofSeconds(5);
  private static final Duration UPLOADS_TICK = Duration.ofMinutes(10);
  private static final Duration SCRUB_TICK = Duration.ofSeconds(10);
  private static final Duration MARKER_TICK = Duration.ofSeconds(30);
  private static final int EXPIRED_UPLOADS = 1000;

  /** With {@link #SCRUB_TICK} 3 MiB a second: a terabyte in four days. */
  private static final long SCRUB_BYTES = 32L << 20;

  private final VolumeLease lease;
  private final DataPlane plane;
  private final FileLayer files;
  private final Upkeep upkeep;
  private final Identity identity;
  private final RecordStore records;
  private final FileSystem localFiles;
  private final FileSystem bucketFiles;
  private final StoredObjectView localObjects;
  private final ObjectView bucketObjects;
  private final LogShipper shipper;
  private final List<AutoCloseable> opened;
  private final Problems problems = new Problems();
  private final BackgroundLoops loops = new BackgroundLoops(problems);
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param opened what to close, in the order in which it was opened
   */
  LocalEngine(
      MetadataStore metadata,
      VolumeLease lease,
      LogShipper shipper,
      DataPlane plane,
      FileLayer files,
      Upkeep upkeep,
      BucketContext objects,
      Identity identity,
      List<AutoCloseable> opened) {
    this.lease = lease;
    this.shipper = shipper;
    this.plane = plane;
    this.files = files;
    this.upkeep = upkeep;
    this.identity = identity;
    this.records = new StoredRecords(metadata);
    this.opened = List.copyOf(opened);
    this.localFiles = files.fileSystem(Durability.LOCAL);
    this.localObjects = new StoredObjectView(objects, Durability.LOCAL);
    this.bucketFiles =
        AcknowledgedInBucket.of(files.fileSystem(Durability.BUCKET), metadata::shippedLog);
    this.bucketObjects =
        AcknowledgedInBucket.of(
            new StoredObjectView(objects, Durability.BUCKET), metadata::shippedLog);
  }

  /** Starts the background work. */
  void start(EngineConfig config, TimeSource time, VolumeMarker marker, boolean claimed) {
    StoredObjectView objects = localObjects;
    loops.start("files", FILES_TICK, files::runOnce);
    upkeep.start(loops, DELETION_TICK);
    loops.start("dead-segments", SWEEP_TICK, plane::sweepDeadSegments);
    loops.start("cache-scrub", SCRUB_TICK, () -> plane.scrubCache(SCRUB_BYTES));
    loops.start(
        "old-uploads",
        UPLOADS_TICK,
        () ->
            objects.expireUploads(
                time.epochNanos() - config.uploadExpiry().toNanos(), EXPIRED_UPLOADS));
    if (!claimed) {
      loops.start("bucket-marker", MARKER_TICK, marker::claimOnce);
    }
  }

  @Override
  public FileSystem fileSystem(Durability durability) {
    return durability == Durability.BUCKET ? bucketFiles : localFiles;
  }

  @Override
  public ObjectView objects(Durability durability) {
    return durability == Durability.BUCKET ? bucketObjects : localObjects;
  }

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public RecordStore records() {
    return records;
  }

  @Override
  public List<String> problems() {
    List<String> all = new ArrayList<>(lease.problems());
    all.addAll(problems.list());
    all.addAll(upkeep.problems());
    all.addAll(plane.problems());
    all.addAll(shipper.problems());
    all.addAll(files.problems());
    return all;
  }

  @Override
  public GarbageReport collectGarbage(boolean dryRun, Progress progress) {
    return upkeep.collectGarbage(dryRun, progress);
  }

  @Override
  public CompactionReport compact(boolean dryRun, Progress progress) {
    return upkeep.compact(dryRun, progress);
  }

  @Override
  public void onLoss(Runnable listener) {
    lease.onLoss(listener);
  }

  @Override
  public void drain(Duration patience) {
    files.stopWrites();
    try {
      files.commitAll();
    } catch (EngineException e) {
      log.error("writes that nobody has committed are lost with this stop: {}", e.toString());
    }
    if (!plane.drain(patience)) {
      log.warn("not all data is in the bucket yet; the next start goes on with it");
    }
    if (!shipper.drain(patience)) {
      log.warn("the metadata's log is not all in the bucket yet; the next start goes on with it");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      loops.close();
      closeAll(opened, null);
    }
  }

  /**
   * Closes in reverse order, whatever fails.
   *
   * @param because what led to it, if anything failed before
   */
  static void closeAll(List<AutoCloseable> opened, @Nullable Throwable because) {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        if (because == null) {
          log.error("closing {} failed", each.getClass().getSimpleName(), e);
        } else {
          because.addSuppressed(e);
        }
      }
    }
  }
}
