package io.forebay.engine.shipping;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.time.Duration;
import java.util.OptionalLong;

/** Whether the bucket takes the log, and since when it does not. Thread-safe, never blocks. */
final class BucketOutage {
  /** How long a bucket fails before operations that would wait for it are refused. */
  private static final Duration REFUSE_AFTER = Duration.ofSeconds(10);

  private final TimeSource time;
  private volatile OptionalLong sinceNanos = OptionalLong.empty();

  BucketOutage(TimeSource time) {
    this.time = time;
  }

  boolean isUnderWay() {
    return sinceNanos.isPresent();
  }

  void begin() {
    if (sinceNanos.isEmpty()) {
      sinceNanos = OptionalLong.of(time.monotonicNanos());
    }
  }

  void end() {
    sinceNanos = OptionalLong.empty();
  }

  /** Refuses an operation that would wait for long, before it has done anything. */
  void requireShort() {
    OptionalLong since = sinceNanos;
    if (since.isPresent() && time.monotonicNanos() - since.getAsLong() > REFUSE_AFTER.toNanos()) {
      throw new EngineException(
          ErrorCode.UNAVAILABLE, "the bucket does not take the metadata's log now");
    }
  }
}
