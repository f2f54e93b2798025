package io.forebay.engine.maintenance;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.metadata.SegmentUse;
import io.forebay.engine.metadata.SegmentUse.Stored;
import io.forebay.engine.segment.SegmentId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Chooses segments: those that give back most for what they cost, old ones first (the cost-benefit
 * rule of log-structured file systems), then small ones to merge.
 */
final class CompactionPlan {
  private static final int PAGE = 1000;

  /** Segments in a plan at the most; the next plan goes on. */
  static final int MAX_SEGMENTS = 4096;

  /** What handling a segment costs beside its bytes, in bytes. */
  private static final long OVERHEAD_BYTES = 1 << 20;

  private final SegmentUse use;
  private final CompactionSettings settings;
  private final TimeSource time;

  CompactionPlan(SegmentUse use, CompactionSettings settings, TimeSource time) {
    this.use = use;
    this.settings = settings;
    this.time = time;
  }

  private record Scored(Stored segment, double score) {}

  /**
   * Goes through all segments.
   *
   * @param except not to be tried again
   * @return the best first
   */
  List<Stored> make(Set<SegmentId> except) {
    PriorityQueue<Scored> sparse = new PriorityQueue<>(Comparator.comparingDouble(Scored::score));
    List<Stored> small = new ArrayList<>();
    long now = time.epochNanos();
    List<Stored> page = use.stored(0, PAGE);
    while (!page.isEmpty()) {
      for (Stored segment : page) {
        long age = now - segment.createdNanos();
        if (age < settings.age().toNanos() || except.contains(segment.id())) {
          continue;
        }
        if (isSparse(segment)) {
          sparse.add(new Scored(segment, score(segment, age)));
          if (sparse.size() > MAX_SEGMENTS) {
            sparse.poll();
          }
        } else if (segment.size() <= settings.smallBytes() && small.size() < MAX_SEGMENTS) {
          small.add(segment);
        }
      }
      page = use.stored(page.getLast().id().value(), PAGE);
    }
    List<Stored> plan =
        new ArrayList<>(
            sparse.stream()
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .map(Scored::segment)
                .toList());
    if (small.size() >= settings.smallCount()) {
      plan.addAll(small);
    }
    return plan;
  }

  private boolean isSparse(Stored segment) {
    return segment.liveBytes() <= segment.size() * settings.liveShare();
  }

  private static double score(Stored segment, long ageNanos) {
    double seconds = TimeUnit.NANOSECONDS.toSeconds(ageNanos) + 1.0;
    return (segment.size() - segment.liveBytes())
        * seconds
        / (segment.liveBytes() + OVERHEAD_BYTES);
  }
}
