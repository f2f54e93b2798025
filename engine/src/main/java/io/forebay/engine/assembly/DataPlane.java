package io.forebay.engine.assembly;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.VolumeId;
import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.segment.SegmentFiles;
import io.forebay.engine.segment.SegmentLedger;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentWriter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Everything that moves bytes, opened as one: staging with its recovery, the uploader, the cache.
 * Opened after the metadata and before anything that reads or writes files; closed before the
 * metadata.
 */
public interface DataPlane extends AutoCloseable {
  /**
   * Opens: reads the names of the cached files, recovers staging, starts the background work.
   *
   * @param store one attempt a call, metered or not; not closed with this
   * @param ledger open, with the rows of the last run
   * @param random thread-safe
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#IO} when the
   *     staging directory cannot be used
   */
  static DataPlane open(
      DataPlaneSettings settings,
      VolumeId volume,
      ObjectStore store,
      SegmentLedger ledger,
      TimeSource time,
      RandomGenerator random,
      MeterRegistry meters) {
    return open(settings, volume, store, ledger, SegmentFiles.onDisk(), time, random, meters);
  }

  /** As the other, on files that a test may let fail. */
  static DataPlane open(
      DataPlaneSettings settings,
      VolumeId volume,
      ObjectStore store,
      SegmentLedger ledger,
      SegmentFiles files,
      TimeSource time,
      RandomGenerator random,
      MeterRegistry meters) {
    LocalDataPlane plane =
        new LocalDataPlane(settings, volume, store, ledger, files, time, random, meters);
    plane.start();
    return plane;
  }

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
