package io.forebay.engine.assembly;

import io.forebay.ambient.Invariant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Settings of a {@link DataPlane}: data only.
 *
 * @param stagingDirectory created when missing
 * @param cacheDirectories each on its own disk; may be empty: then nothing is cached on disk
 * @param cacheBytesPerDirectory budget of each, in allocated bytes
 * @param minimumFreeBytes free space on a cache disk that the cache leaves alone
 * @param stagingBytes budget of staging
 * @param segmentBytes most data in a segment, 64 KiB to 16 MiB: the volume's segment size
 * @param uploadDelay the longest a byte waits in an unsealed segment
 * @param uploadConcurrency uploads at once, 1 to 64
 * @param downloadConcurrency downloads at once, 1 to 256
 * @param pageMemoryBytes pages kept in memory because no disk has them
 */
public record DataPlaneSettings(
    Path stagingDirectory,
    List<Path> cacheDirectories,
    long cacheBytesPerDirectory,
    long minimumFreeBytes,
    long stagingBytes,
    int segmentBytes,
    Duration uploadDelay,
    int uploadConcurrency,
    int downloadConcurrency,
    long pageMemoryBytes) {
  /** The largest segment, and the default, in bytes of data. */
  public static final int MAX_SEGMENT_BYTES = 16 << 20;

  /** The default of {@link #pageMemoryBytes}. */
  public static final long DEFAULT_PAGE_MEMORY_BYTES = 32L << 20;

  public DataPlaneSettings {
    cacheDirectories = List.copyOf(cacheDirectories);
    Invariant.check(
        segmentBytes >= 64 << 10 && segmentBytes <= MAX_SEGMENT_BYTES,
        "segment size out of range",
        segmentBytes);
    Invariant.check(
        uploadConcurrency >= 1 && uploadConcurrency <= 64,
        "upload concurrency out of range",
        uploadConcurrency);
    Invariant.check(
        downloadConcurrency >= 1 && downloadConcurrency <= 256,
        "download concurrency out of range",
        downloadConcurrency);
  }

  /** Those of an engine. */
  public static DataPlaneSettings of(EngineConfig config, int segmentBytes) {
    return new DataPlaneSettings(
        config.dataDirectory().resolve("staging"),
        config.cacheDirectories(),
        config.cacheBytesPerDirectory(),
        config.minimumFreeBytes(),
        config.stagingBytes(),
        segmentBytes,
        config.uploadDelay(),
        config.uploadConcurrency(),
        config.downloadConcurrency(),
        DEFAULT_PAGE_MEMORY_BYTES);
  }
}
