package io.forebay.testkit;

import io.forebay.ambient.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved. Thread-safe. */
public final class ManualClock implements TimeSource {
  /** Where every one of them starts. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong epochNanos =
      new AtomicLong(TimeUnit.SECONDS.toNanos(START.getEpochSecond()));
  private final AtomicLong monotonicNanos = new AtomicLong(1);

  @Override
  public long epochNanos() {
    return epochNanos.get();
  }

  @Override
  public long monotonicNanos() {
    return monotonicNanos.get();
  }

  /** Lets time pass on both readings. */
  public void advance(Duration by) {
    epochNanos.addAndGet(by.toNanos());
    monotonicNanos.addAndGet(by.toNanos());
  }

  /** Somebody sets the machine's clock, back or forth; measured time does not notice. */
  public void step(Duration by) {
    epochNanos.addAndGet(by.toNanos());
  }
}
