package io.forebay.engine.assembly;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.CompactionReport;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.GarbageReport;
import io.forebay.engine.Progress;
import io.forebay.engine.file.FileLayer;
import io.forebay.engine.lease.VolumeLease;
import io.forebay.engine.maintenance.BackgroundLoops;
import io.forebay.engine.maintenance.CompactionSettings;
import io.forebay.engine.maintenance.DeletionQueue;
import io.forebay.engine.maintenance.OrphanCollector;
import io.forebay.engine.maintenance.SegmentCompactor;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.SegmentUse;
import io.forebay.engine.metadata.SegmentUse.Amount;
import io.forebay.engine.object.ObjectStore;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives space back: by itself in the background, and at once for an operator. */
final class Upkeep {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration ORPHAN_AGE = Duration.ofDays(1);
  private static final Duration ORPHANS_TICK = Duration.ofHours(12);
  private static final Duration PLAN_TICK = Duration.ofMinutes(15);
  private static final Duration COMPACTION_TICK = Duration.ofSeconds(10);

  private static final int MAX_LOST_SHOWN = 20;

  /** With {@link #COMPACTION_TICK} 4 MiB a second at the most. */
  private static final long COMPACTION_BYTES = 40L << 20;

  private final SegmentUse use;
  private final DataPlane plane;
  private final VolumeLease lease;
  private final DeletionQueue deletions;
  private final OrphanCollector orphans;
  private final SegmentCompactor compactor;
  private final long stagingBytes;
  private volatile List<String> lost = List.of();

  /**
   * @param bucket takes changes only while the lease holds; one attempt a call
   */
  Upkeep(
      MetadataStore metadata,
      ObjectStore bucket,
      DataPlane plane,
      FileLayer files,
      VolumeLease lease,
      long stagingBytes,
      TimeSource time) {
    this.use = new SegmentUse(metadata);
    this.plane = plane;
    this.lease = lease;
    this.stagingBytes = stagingBytes;
    this.deletions = new DeletionQueue(metadata, files.holds());
    this.orphans =
        new OrphanCollector(
            bucket,
            use,
            plane.pins(),
            () -> VolumeLease.firstIdOf(lease.epoch()),
            VolumeLease.KEY,
            ORPHAN_AGE);
    this.compactor =
        new SegmentCompactor(
            use,
            plane.writer(),
            plane.reader(),
            plane.pins(),
            files::moved,
            CompactionSettings.DEFAULT,
            time);
  }

  void start(BackgroundLoops loops, Duration deletionTick) {
    lookForLost();
    loops.start("lost-segments", PLAN_TICK, this::lookForLost);
    loops.start("deletions", deletionTick, deletions::runOnce);
    loops.start(
        "orphans",
        ORPHANS_TICK,
        () -> {
          if (lease.hasEpoch()) {
            orphans.run(false, Progress.NONE);
          }
        });
    loops.start("compaction-plan", PLAN_TICK, compactor::replan);
    loops.start("compaction", COMPACTION_TICK, this::compactSome);
  }

  /** What an earlier run has lost is no smaller a problem after a restart. */
  private void lookForLost() {
    lost =
        use.lost(MAX_LOST_SHOWN).stream()
            .map(id -> id + " is lost: reads of its files fail; see the log of when it was found")
            .toList();
  }

  /** What is wrong right now, one sentence each. Never blocks. */
  List<String> problems() {
    return lost;
  }

  /** Steps back while writers need the room, or the bucket takes nothing. */
  private void compactSome() {
    if (plane.writer().stagedBytes() > stagingBytes / 4) {
      return;
    }
    try {
      compactor.runSome(COMPACTION_BYTES);
    } catch (EngineException e) {
      if (e.code() != ErrorCode.THROTTLED && e.code() != ErrorCode.UNAVAILABLE) {
        throw e;
      }
      log.debug("compaction waits: {}", e.toString());
    }
  }

  GarbageReport collectGarbage(boolean dryRun, Progress progress) {
    Amount queued = use.queued();
    progress.at("deleting files", 0, queued.count());
    if (!dryRun) {
      deletions.runOnce();
    }
    Amount dead = use.dead();
    progress.at("deleting segments", 0, dead.count());
    if (!dryRun) {
      int unused = plane.sweepDeadSegments();
    }
    OrphanCollector.Result result = orphans.run(dryRun, progress);
    return new GarbageReport(
        dryRun,
        queued.count(),
        queued.bytes(),
        dead.count(),
        dead.bytes(),
        result.listed(),
        result.orphans(),
        result.bytes(),
        result.failure());
  }

  CompactionReport compact(boolean dryRun, Progress progress) {
    return compactor.run(dryRun, progress);
  }
}
