package io.forebay.engine.lease;

import io.forebay.ambient.Invariant;
import java.time.Duration;

/**
 * How long a lease holds and how often it is renewed. Measured by each side on its own monotonic
 * clock: nobody compares the clocks of two machines.
 *
 * @param duration another gateway waits this long without seeing a renewal before it takes over
 * @param renewal pause between two renewals
 * @param margin the holder stops this long before the duration is over: what clocks may run apart,
 *     and what lies between looking at the clock and the request's arrival
 * @param patience the longest to wait for one answer of the bucket; a renewal asks three times at
 *     the most
 */
public record LeaseTerms(Duration duration, Duration renewal, Duration margin, Duration patience) {
  /** Those of every gateway: both sides have to have the same. */
  public static final LeaseTerms DEFAULT =
      new LeaseTerms(
          Duration.ofSeconds(30),
          Duration.ofSeconds(8),
          Duration.ofSeconds(6),
          Duration.ofSeconds(5));

  public LeaseTerms {
    Invariant.check(
        renewal.plus(patience.multipliedBy(3)).plus(margin).compareTo(duration) < 0,
        "a lease outlasts a renewal that is late",
        duration.toMillis());
  }

  /** How long after the beginning of a renewal its holder relies on it, in nanoseconds. */
  long reliedOnNanos() {
    return duration.minus(margin).toNanos();
  }
}
