package io.forebay.engine.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What the cache counts. */
public final class CacheMetrics {
  /** Where bytes of a read came from. */
  enum Source {
    DISK,
    STAGING,
    MEMORY,
    BUCKET
  }

  private final MeterRegistry meters;
  private final Map<Source, Counter> reads = new EnumMap<>(Source.class);
  private final Map<Source, Counter> bytes = new EnumMap<>(Source.class);
  private final Counter evictions;
  private final Counter evictedBytes;
  private final Counter badLocalPages;
  private final Counter badDownloads;
  private final Counter diskFailures;
  private final Counter prefetched;
  private final Counter prefetchDropped;

  public CacheMetrics(MeterRegistry meters) {
    this.meters = meters;
    for (Source source : Source.values()) {
      String tag = source.name().toLowerCase(Locale.ROOT);
      reads.put(source, meters.counter("forebay.cache.reads", "source", tag));
      bytes.put(source, meters.counter("forebay.cache.read.bytes", "source", tag));
    }
    evictions = meters.counter("forebay.cache.evictions");
    evictedBytes = meters.counter("forebay.cache.evicted.bytes");
    badLocalPages = meters.counter("forebay.cache.verification.failures", "where", "disk");
    badDownloads = meters.counter("forebay.cache.verification.failures", "where", "bucket");
    diskFailures = meters.counter("forebay.cache.disk.failures");
    prefetched = meters.counter("forebay.cache.prefetch", "outcome", "done");
    prefetchDropped = meters.counter("forebay.cache.prefetch", "outcome", "dropped");
  }

  void read(Source source, int length) {
    count(reads, source, 1);
    count(bytes, source, length);
  }

  private static void count(Map<Source, Counter> counters, Source source, double amount) {
    Counter counter = counters.get(source);
    if (counter != null) {
      counter.increment(amount);
    }
  }

  void evicted(long weight) {
    evictions.increment();
    evictedBytes.increment(weight);
  }

  void badLocalBlock() {
    badLocalPages.increment();
  }

  void badDownload() {
    badDownloads.increment();
  }

  void diskFailed() {
    diskFailures.increment();
  }

  void prefetched() {
    prefetched.increment();
  }

  void prefetchDropped() {
    prefetchDropped.increment();
  }

  /** State (0 normal, 1 unstable, 2 down) and use of a disk. */
  void watch(CacheDisk disk) {
    String tag = disk.directory().toString();
    Gauge.builder("forebay.cache.disk.state", disk, d -> d.state().ordinal())
        .tag("directory", tag)
        .register(meters);
    Gauge.builder("forebay.cache.disk.bytes", disk, CacheDisk::usedBytes)
        .tag("directory", tag)
        .baseUnit("bytes")
        .register(meters);
  }
}
