package io.forebay.engine.maintenance;

import java.time.Duration;

/**
 * When a segment is worth rewriting.
 *
 * @param liveShare at most this part of its data is live, 0 to 1
 * @param age younger ones are left alone: what was written together often dies together
 * @param smallBytes a segment no larger than this is merged with others, however much of it lives
 * @param smallCount but only if that many are found
 * @param batchBytes copied before anything is moved, about
 */
public record CompactionSettings(
    double liveShare, Duration age, int smallBytes, int smallCount, long batchBytes) {
  /** What holds where nothing else is said. */
  public static final CompactionSettings DEFAULT =
      new CompactionSettings(0.5, Duration.ofMinutes(10), 1 << 20, 16, 16 << 20);
}
