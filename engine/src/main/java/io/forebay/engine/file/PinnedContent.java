package io.forebay.engine.file;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.Payload;
import io.forebay.engine.cache.SegmentReader;

/** The content of a file at one moment, whatever is written, or removed, since. Thread-safe. */
public interface PinnedContent extends AutoCloseable {
  /** Of that moment. */
  FileAttributes attributes();

  /**
   * Reads; clamped at the size.
   *
   * @param offset 0 or more
   * @param length 0 to {@link io.forebay.engine.FileSystem#MAX_TRANSFER}
   * @return the caller's to close
   */
  Payload read(long offset, int length, SegmentReader.Intent intent);

  /** Brings a range into the cache, in the background and without a promise. */
  void prefetch(long offset, long length);

  /** Idempotent. */
  @Override
  void close();
}
