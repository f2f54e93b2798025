package io.forebay.engine;

/**
 * What may lie below a directory, committed, at any depth. Holds for everybody.
 *
 * @param maxBytes of {@link DirectoryUsage#bytes}; {@link #UNLIMITED} for any number
 * @param maxFiles of {@link DirectoryUsage#inodes}; {@link #UNLIMITED} for any number
 */
public record Quota(long maxBytes, long maxFiles) {
  public static final long UNLIMITED = Long.MAX_VALUE;

  /**
   * @throws EngineException {@link ErrorCode#INVALID_ARGUMENT} for a negative limit
   */
  public Quota {
    if (maxBytes < 0 || maxFiles < 0) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a quota is not negative");
    }
  }

  /** Whether a change from one usage to another is one that this forbids: less is always fine. */
  public boolean forbids(DirectoryUsage before, DirectoryUsage after) {
    return (after.bytes() > before.bytes() && after.bytes() > maxBytes)
        || (after.inodes() > before.inodes() && after.inodes() > maxFiles);
  }
}
