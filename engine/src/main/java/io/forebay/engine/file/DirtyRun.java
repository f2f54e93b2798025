package io.forebay.engine.file;

import io.forebay.ambient.Invariant;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentRun;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bytes in staging that no commit refers to yet. Their segment stays pinned while a piece of them
 * is uncommitted, being committed, or read by somebody who pinned the file. Thread-safe.
 */
final class DirtyRun {
  private final SegmentRun run;
  private final SegmentPins pins;
  private final AtomicInteger users = new AtomicInteger(1);

  /** Takes over the pin that the append set; the creator is the first user. */
  DirtyRun(SegmentRun run, SegmentPins pins) {
    this.run = run;
    this.pins = pins;
  }

  SegmentRun run() {
    return run;
  }

  /** One more user; by somebody who is one. */
  void share() {
    int before = users.getAndIncrement();
    Invariant.check(before > 0, "a run is shared by its users only");
  }

  /** One user less; the last unpins the segment. */
  void release() {
    int left = users.decrementAndGet();
    Invariant.check(left >= 0, "a run is released once by each user");
    if (left == 0) {
      pins.unpin(run.slice().segment());
    }
  }
}
