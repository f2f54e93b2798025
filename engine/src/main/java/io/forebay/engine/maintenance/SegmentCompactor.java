package io.forebay.engine.maintenance;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.CompactionReport;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Progress;
import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.metadata.SegmentUse;
import io.forebay.engine.metadata.SegmentUse.Move;
import io.forebay.engine.metadata.SegmentUse.Moved;
import io.forebay.engine.metadata.SegmentUse.Stored;
import io.forebay.engine.segment.AppendStream;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewrites what lives of segments that are mostly dead, or small, and points extents to the copy.
 * In this order: copy to staging, upload, move in transactions that take only extents that are
 * still the same. So nothing that was in the bucket is for a moment on this machine only, and a
 * crash at any step leaves copies that nobody refers to. The old segment dies by its live bytes,
 * and is deleted like any other, once nobody has it pinned.
 */
public final class SegmentCompactor {
  private static final Logger log = LoggerFactory.getLogger(SegmentCompactor.class);

  /** Extents in one transaction. */
  private static final int MOVES = 256;

  private static final int MAX_SKIPPED = 10_000;

  private final SegmentUse use;
  private final SegmentWriter writer;
  private final SegmentReader reader;
  private final SegmentPins pins;
  private final Moved listener;
  private final CompactionSettings settings;
  private final CompactionPlan plan;
  private final ReentrantLock turn = new ReentrantLock();

  /** Those that failed in this run of the process; guarded by the turn. */
  private final Set<SegmentId> skipped = new HashSet<>();

  private final Deque<Stored> background = new ArrayDeque<>();

  /**
   * @param listener told of every inode whose bytes are elsewhere now
   */
  public SegmentCompactor(
      SegmentUse use,
      SegmentWriter writer,
      SegmentReader reader,
      SegmentPins pins,
      Moved listener,
      CompactionSettings settings,
      TimeSource time) {
    this.use = use;
    this.writer = writer;
    this.reader = reader;
    this.pins = pins;
    this.listener = listener;
    this.settings = settings;
    this.plan = new CompactionPlan(use, settings, time);
  }

  /** Makes a new plan for {@link #runSome}; every few minutes. */
  public void replan() {
    turn.lock();
    try {
      background.clear();
      background.addAll(plan.make(skipped));
    } finally {
      turn.unlock();
    }
  }

  /**
   * Works on the present plan, for about so many bytes.
   *
   * @throws EngineException what keeps it from going on; nothing is half done
   */
  public void runSome(long budgetBytes) {
    turn.lock();
    try {
      Tally tally = new Tally();
      while (!background.isEmpty()
          && tally.rewritten < budgetBytes
          && !Thread.currentThread().isInterrupted()) {
        batch(background, tally);
      }
    } finally {
      turn.unlock();
    }
  }

  /**
   * Does, or only tells, all there is to do now; for an operator.
   *
   * @throws EngineException what keeps it from going on; nothing is half done
   */
  public CompactionReport run(boolean dryRun, Progress progress) {
    turn.lock();
    try {
      Deque<Stored> work = new ArrayDeque<>(plan.make(dryRun ? Set.of() : skipped));
      Tally tally = new Tally();
      int total = work.size();
      if (dryRun) {
        work.forEach(tally::add);
        return tally.report(true);
      }
      while (!work.isEmpty() && !Thread.currentThread().isInterrupted()) {
        batch(work, tally);
        progress.at("rewriting segments", total - work.size(), total);
      }
      return tally.report(false);
    } finally {
      turn.unlock();
    }
  }

  private static final class Tally {
    private long segments;
    private long gained;
    private long rewritten;
    private long skipped;

    void add(Stored segment) {
      segments++;
      gained += Math.max(0, segment.size() - segment.liveBytes());
      rewritten += Math.min(segment.size(), segment.liveBytes());
    }

    CompactionReport report(boolean dryRun) {
      return new CompactionReport(dryRun, segments, gained, rewritten, skipped);
    }
  }

  /** Copies some segments into as few new ones as they fill, then moves what refers to them. */
  private void batch(Deque<Stored> work, Tally tally) {
    Tally own = new Tally();
    List<Move> moves = new ArrayList<>();
    List<SegmentId> sources = new ArrayList<>();
    SegmentCopy copy = new SegmentCopy(use, reader, pins);
    try (AppendStream stream = writer.open(Long.MAX_VALUE)) {
      while (!work.isEmpty() && own.rewritten < settings.batchBytes()) {
        Stored segment = work.removeFirst();
        pins.pin(segment.id());
        sources.add(segment.id());
        try {
          if (copy.add(segment.id(), stream, moves)) {
            own.add(segment);
          } else {
            skip(segment.id(), tally, "too much refers to it");
          }
        } catch (EngineException e) {
          if (e.code() != ErrorCode.CORRUPT) {
            throw e;
          }
          skip(segment.id(), tally, e.toString());
        }
      }
      writer.sync(copy.targets());
      writer.store(copy.targets());
      for (int from = 0; from < moves.size(); from += MOVES) {
        use.move(moves.subList(from, Math.min(moves.size(), from + MOVES)), listener);
      }
      tally.segments += own.segments;
      tally.gained += own.gained;
      tally.rewritten += own.rewritten;
    } finally {
      copy.unpin();
      pins.unpinAll(sources);
    }
  }

  private void skip(SegmentId id, Tally tally, String why) {
    tally.skipped++;
    if (skipped.size() < MAX_SKIPPED && skipped.add(id)) {
      log.warn("{} is not compacted: {}", id, why);
    }
  }
}
