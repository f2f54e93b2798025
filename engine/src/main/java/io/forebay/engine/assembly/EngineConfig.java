package io.forebay.engine.assembly;

import io.forebay.engine.Durability;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Settings of an engine: data only, checked by whoever reads them from a file.
 *
 * @param dataDirectory holds {@code metadata/} and {@code staging/}; created when missing
 * @param cacheDirectories each on its own disk; may be empty: then nothing is cached
 * @param cacheBytesPerDirectory budget of each, in allocated bytes
 * @param minimumFreeBytes free space on a cache disk that the cache leaves alone
 * @param stagingBytes budget of staging; writes slow down when it is full
 * @param bucketUrl {@code file:///DIR} or {@code s3://BUCKET/PREFIX?endpoint=…&region=…}
 * @param durability of views that are not asked for another
 * @param uploadDelay the longest a committed byte waits in an unsealed segment
 * @param uploadConcurrency uploads at once, 1 to 64
 * @param downloadConcurrency downloads at once, 1 to 256
 * @param capacityBytes what the volume says it can hold; 0: the disk's size for a directory, 1 PiB
 *     for S3
 * @param objectMode permission bits of files that S3 creates
 * @param directoryMode permission bits of directories that S3 creates
 * @param uploadExpiry age at which a multipart upload under way is dropped
 * @param metadataCacheEntries inodes and names kept in memory
 */
public record EngineConfig(
    Path dataDirectory,
    List<Path> cacheDirectories,
    long cacheBytesPerDirectory,
    long minimumFreeBytes,
    long stagingBytes,
    URI bucketUrl,
    Durability durability,
    Duration uploadDelay,
    int uploadConcurrency,
    int downloadConcurrency,
    long capacityBytes,
    int objectMode,
    int directoryMode,
    Duration uploadExpiry,
    int metadataCacheEntries) {
  public EngineConfig {
    cacheDirectories = List.copyOf(cacheDirectories);
  }

  /** What holds where nothing is configured. */
  public static EngineConfig defaults(Path dataDirectory, URI bucketUrl) {
    return new EngineConfig(
        dataDirectory,
        List.of(dataDirectory.resolve("cache")),
        50L << 30,
        2L << 30,
        20L << 30,
        bucketUrl,
        Durability.LOCAL,
        Duration.ofSeconds(1),
        8,
        32,
        0,
        0644,
        0755,
        Duration.ofDays(7),
        1_000_000);
  }
}
