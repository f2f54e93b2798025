package io.forebay.engine.file;

import io.forebay.ambient.Invariant;
import java.time.Duration;

/**
 * Bounds of what the file layer keeps in memory and leaves uncommitted. A writer that meets one
 * commits first.
 *
 * @param dirtyExtentsPerFile uncommitted runs of one file: bounds a commit's transaction
 * @param dirtyBytesPerFile uncommitted bytes of one file
 * @param dirtyExtents uncommitted runs of all files
 * @param dirtyBytes uncommitted bytes of all files; they fill staging, so below its budget
 * @param dirtyAge the longest a write stays uncommitted when nobody asks for a commit
 * @param cachedExtents extents of open files kept in memory, about
 */
public record FileLimits(
    int dirtyExtentsPerFile,
    long dirtyBytesPerFile,
    int dirtyExtents,
    long dirtyBytes,
    Duration dirtyAge,
    int cachedExtents) {
  public FileLimits {
    Invariant.check(dirtyExtentsPerFile >= 1 && dirtyExtents >= 1, "dirty extents are bounded");
    Invariant.check(dirtyBytesPerFile >= 1 && dirtyBytes >= 1, "dirty bytes are bounded");
    Invariant.check(cachedExtents >= 1, "cached extents are bounded", cachedExtents);
  }

  /**
   * What holds where nothing else is said.
   *
   * @param stagingBytes budget of staging
   */
  public static FileLimits defaults(long stagingBytes) {
    long dirtyBytes = Math.max(1, Math.min(4L << 30, stagingBytes / 4));
    return new FileLimits(
        1024, Math.min(256L << 20, dirtyBytes), 65_536, dirtyBytes, Duration.ofSeconds(5), 2 << 20);
  }
}
