package io.forebay.engine.segment;

import java.nio.file.Path;

/** What staging asks of the cache. Implemented there; thread-safe. */
public interface CacheHandover {
  /**
   * Takes a staged file whose segment is in the bucket: by rename where it can. Never fails: when
   * the cache has no use for the file it deletes it. On return the file's old name is gone.
   *
   * @param dataLength bytes of data at its beginning; a trailer may follow
   * @param proved whether its pages were checked just now; else they are at their first use
   */
  void adopt(SegmentId id, Path file, int dataLength, boolean proved);

  /** Removes everything of a segment that is gone for good. */
  void drop(SegmentId id);

  /** The disk under staging is full: frees what can be freed there, at once. */
  void giveWay(long bytes);
}
