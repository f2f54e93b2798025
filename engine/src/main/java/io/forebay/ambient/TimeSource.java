package io.forebay.ambient;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The clock. Two readings: one to show and store, one to measure with. */
public interface TimeSource {

  /** Nanoseconds since 1970-01-01T00:00:00Z. May step when the machine's clock is set. */
  long epochNanos();

  /** Nanoseconds since an arbitrary moment; never goes back. For durations and deadlines. */
  long monotonicNanos();

  /** The machine's own clock. Thread-safe. */
  static TimeSource system() {
    return new TimeSource() {
      @Override
      public long epochNanos() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
      }

      @Override
      public long monotonicNanos() {
        return System.nanoTime();
      }
    };
  }
}
