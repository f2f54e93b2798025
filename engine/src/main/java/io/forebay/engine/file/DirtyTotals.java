package io.forebay.engine.file;

import java.util.concurrent.atomic.AtomicLong;

/** Uncommitted writes of all files, counted. Thread-safe. */
final class DirtyTotals {
  private final AtomicLong extents = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  void add(long extentsDelta, long bytesDelta) {
    extents.addAndGet(extentsDelta);
    bytes.addAndGet(bytesDelta);
  }

  long extents() {
    return extents.get();
  }

  long bytes() {
    return bytes.get();
  }

  boolean isAbove(FileLimits limits) {
    return extents.get() >= limits.dirtyExtents() || bytes.get() >= limits.dirtyBytes();
  }
}
