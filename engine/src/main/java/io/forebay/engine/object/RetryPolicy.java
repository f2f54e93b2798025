package io.forebay.engine.object;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and how long to try again: exponential backoff with full jitter.
 *
 * @param first the most to wait before the second attempt
 * @param most the most to wait before any attempt
 * @param deadline overall, from the first attempt to the beginning of the last
 */
public record RetryPolicy(Duration first, Duration most, Duration deadline) {
  /** For a reader that a client waits for. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofSeconds(20));

  /**
   * How long to wait, in nanoseconds: between nothing and the doubled step, so that many waiters
   * spread out.
   *
   * @param failures so far, 1 or more
   */
  public long delayNanos(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, 30);
    long ceiling = Math.min(most.toNanos(), saturatedShift(first.toNanos(), doublings));
    return ceiling <= 0 ? 0 : random.nextLong(ceiling + 1);
  }

  private static long saturatedShift(long value, int by) {
    return value > Long.MAX_VALUE >> by ? Long.MAX_VALUE : value << by;
  }
}
