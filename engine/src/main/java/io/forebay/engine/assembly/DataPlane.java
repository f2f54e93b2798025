package io.forebay.engine.assembly;

import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentWriter;
import java.time.Duration;
import java.util.List;

/**
 * Everything that moves bytes, opened as one: staging with its recovery, the uploader, the cache.
 * Opened by {@code DataPlane.open(DataPlaneSettings, VolumeId, ObjectStore, SegmentLedger,
 * TimeSource, RandomGenerator, MeterRegistry)} after the metadata and before anything that reads or
 * writes files; closed before the metadata.
 */
public interface DataPlane extends AutoCloseable {
  SegmentWriter writer();

  SegmentReader reader();

  /** The pins that {@link #writer} sets and that readers and writers of segments hold. */
  SegmentPins pins();

  /**
   * Deletes objects, files and rows of DEAD segments that nobody has pinned; for maintenance, every
   * few seconds.
   *
   * @return how many segments are gone
   */
  int sweepDeadSegments();

  /** Checks a share of the cached files against their checksums; for maintenance. */
  void scrubCache(long maximumBytes);

  /** What is wrong right now, one sentence each. Never blocks. */
  List<String> problems();

  /** Seals and uploads what is staged, for as long as {@code patience}; true when all is stored. */
  boolean drain(Duration patience);

  /** Stops all background work at once; what is staged stays for the next start. */
  @Override
  void close();
}
