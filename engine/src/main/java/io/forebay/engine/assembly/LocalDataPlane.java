package io.forebay.engine.assembly;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.VolumeId;
import io.forebay.engine.cache.BlockCache;
import io.forebay.engine.cache.CacheContext;
import io.forebay.engine.cache.CacheMetrics;
import io.forebay.engine.cache.Scrubber;
import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.maintenance.BackgroundLoops;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.RetryPolicy;
import io.forebay.engine.object.RetryingObjectStore;
import io.forebay.engine.segment.DeadSegments;
import io.forebay.engine.segment.Problems;
import io.forebay.engine.segment.SegmentFiles;
import io.forebay.engine.segment.SegmentLedger;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentWriter;
import io.forebay.engine.segment.Staging;
import io.forebay.engine.segment.StagingContext;
import io.forebay.engine.segment.StagingRecovery;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** The data plane of this process. */
final class LocalDataPlane implements DataPlane {
  private static final Duration STAGING_TICK = Duration.ofMillis(50);
  private static final Duration DISK_TICK = Duration.ofSeconds(1);
  private static final Duration UNRESOLVED_TICK = Duration.ofSeconds(5);

  private final Problems problems;
  private final SegmentPins pins;
  private final BlockCache cache;
  private final Staging staging;
  private final StagingRecovery recovery;
  private final DeadSegments deadSegments;
  private final Scrubber scrubber;
  private final ExecutorService executor;
  private final BackgroundLoops loops;

  LocalDataPlane(
      DataPlaneSettings settings,
      VolumeId volume,
      ObjectStore store,
      SegmentLedger ledger,
      SegmentFiles files,
      TimeSource time,
      RandomGenerator random,
      MeterRegistry meters) {
    problems = new Problems();
    loops = new BackgroundLoops(problems);
    pins = new SegmentPins();
    executor = Executors.newVirtualThreadPerTaskExecutor();
    RetryingObjectStore retrying =
        new RetryingObjectStore(store, RetryPolicy.DEFAULT, time, random);
    cache =
        new BlockCache(
            new CacheContext(
                settings.cacheDirectories(),
                settings.cacheBytesPerDirectory(),
                settings.minimumFreeBytes(),
                settings.downloadConcurrency(),
                settings.pageMemoryBytes(),
                retrying,
                ledger,
                files,
                problems,
                time,
                executor,
                new CacheMetrics(meters)));
    StagingContext context =
        new StagingContext(
            settings.stagingDirectory(),
            settings.segmentBytes(),
            settings.stagingBytes(),
            settings.uploadDelay(),
            settings.uploadConcurrency(),
            volume,
            store,
            ledger,
            pins,
            files,
            cache.handover(),
            problems,
            time,
            random);
    staging = new Staging(context, meters);
    cache.attach(staging);
    recovery = new StagingRecovery(context, staging);
    deadSegments = new DeadSegments(ledger, pins, staging, store, cache.handover());
    scrubber = cache.scrubber();
  }

  /** Recovers, then starts the background work. */
  void start() {
    try {
      recovery.run();
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "the staging directory cannot be used: " + e, e);
    }
    staging.start();
    cache.start();
    loops.start("staging", STAGING_TICK, staging::runOnce);
    loops.start("cache-disks", DISK_TICK, cache::runOnce);
    loops.start("staging-unresolved", UNRESOLVED_TICK, recovery::retryUnresolved);
  }

  @Override
  public SegmentWriter writer() {
    return staging;
  }

  @Override
  public SegmentReader reader() {
    return cache;
  }

  @Override
  public SegmentPins pins() {
    return pins;
  }

  @Override
  public int sweepDeadSegments() {
    return deadSegments.runOnce();
  }

  @Override
  public void scrubCache(long maximumBytes) {
    scrubber.runOnce(maximumBytes);
  }

  @Override
  public List<String> problems() {
    List<String> all = new ArrayList<>(problems.list());
    if (staging.isFull()) {
      all.add("staging is full: writes are slowed down to the speed of the upload");
    }
    return all;
  }

  @Override
  public boolean drain(Duration patience) {
    return staging.drain(patience);
  }

  @Override
  public void close() {
    loops.close();
    staging.close();
    cache.close();
    executor.close();
  }
}
