package io.forebay.testkit;

import io.forebay.engine.segment.ShippedLog;
import java.util.concurrent.atomic.AtomicInteger;

/** A log that is shipped at once, and counts who waited for it. */
public final class CountingShippedLog implements ShippedLog {
  private final AtomicInteger waits = new AtomicInteger();

  /** How often somebody has waited since this was asked last. */
  public int takeWaits() {
    return waits.getAndSet(0);
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public boolean isShipped(long position) {
    return true;
  }

  @Override
  public void awaitShipped(long position) {
    waits.incrementAndGet();
  }

  @Override
  public void requireShipping() {
    // The bucket works.
  }
}
