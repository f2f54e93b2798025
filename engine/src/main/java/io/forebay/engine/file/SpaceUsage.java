package io.forebay.engine.file;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.VolumeStatistics;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.MetadataStore.Usage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** How full the volume is, up to a second old. Thread-safe. */
final class SpaceUsage {
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Inodes are rows: no number of them is reserved. What {@code df -i} shows. */
  private static final long TOTAL_INODES = 1L << 32;

  private record Reading(Usage usage, long atNanos) {}

  private final MetadataStore store;
  private final LongSupplier capacityBytes;
  private final DirtyTotals uncommitted;
  private final TimeSource time;
  private final ReentrantLock refreshing = new ReentrantLock();
  private volatile Reading last;

  SpaceUsage(
      MetadataStore store, LongSupplier capacityBytes, DirtyTotals uncommitted, TimeSource time) {
    this.store = store;
    this.capacityBytes = capacityBytes;
    this.uncommitted = uncommitted;
    this.time = time;
    this.last = new Reading(store.usage(), time.monotonicNanos());
  }

  private Usage usage() {
    long now = time.monotonicNanos();
    // Others go on with the last reading while one takes the next.
    if (now - last.atNanos() > MAX_AGE_NANOS && refreshing.tryLock()) {
      try {
        last = new Reading(store.usage(), now);
      } finally {
        refreshing.unlock();
      }
    }
    return last.usage();
  }

  VolumeStatistics statistics() {
    Usage usage = usage();
    long used = usage.bytes() + uncommitted.bytes();
    long total = Math.max(capacityBytes.getAsLong(), used);
    return new VolumeStatistics(total, total - used, used, TOTAL_INODES, usage.inodes());
  }

  /** {@link ErrorCode#NO_SPACE} when the volume does not hold so many more. */
  void requireRoom(long bytes) {
    if (usage().bytes() + uncommitted.bytes() + bytes > capacityBytes.getAsLong()) {
      throw new EngineException(ErrorCode.NO_SPACE, "the volume is full");
    }
  }
}
