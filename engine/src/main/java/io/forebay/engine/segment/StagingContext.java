package io.forebay.engine.segment;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.VolumeId;
import io.forebay.engine.object.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What staging works with.
 *
 * @param directory holds the staged files
 * @param segmentBytes most data in a segment
 * @param budgetBytes most data in staging
 * @param uploadDelay the longest an append waits in an open segment
 * @param uploadConcurrency uploads at once
 * @param store one attempt a call: staging retries for ever itself
 * @param random thread-safe
 */
public record StagingContext(
    Path directory,
    int segmentBytes,
    long budgetBytes,
    Duration uploadDelay,
    int uploadConcurrency,
    VolumeId volume,
    ObjectStore store,
    SegmentLedger ledger,
    SegmentPins pins,
    SegmentFiles files,
    CacheHandover handover,
    Problems problems,
    TimeSource time,
    RandomGenerator random) {

  /** The name of a segment's staged file. */
  Path fileOf(SegmentId id) {
    return directory.resolve(String.format("%016x.seg", id.value()));
  }
}
