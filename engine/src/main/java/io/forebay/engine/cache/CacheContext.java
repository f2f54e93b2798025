package io.forebay.engine.cache;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.segment.Problems;
import io.forebay.engine.segment.SegmentFiles;
import io.forebay.engine.segment.SegmentLedger;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What the cache works with.
 *
 * @param directories each on its own disk; may be empty
 * @param bytesPerDirectory budget of each, in allocated bytes
 * @param minimumFreeBytes of each file system, left alone
 * @param downloadConcurrency downloads at once
 * @param pageMemoryBytes pages kept in memory
 * @param store retries what is worth it
 * @param executor runs the deletions of evicted files
 */
public record CacheContext(
    List<Path> directories,
    long bytesPerDirectory,
    long minimumFreeBytes,
    int downloadConcurrency,
    long pageMemoryBytes,
    ObjectStore store,
    SegmentLedger ledger,
    SegmentFiles files,
    Problems problems,
    TimeSource time,
    Executor executor,
    CacheMetrics metrics) {
  public CacheContext {
    directories = List.copyOf(directories);
  }
}
