package io.forebay.engine;

/**
 * An object pinned for reading: its bytes and attributes are those of one moment, whatever is
 * written, replaced or deleted meanwhile. One thread at a time.
 */
public interface OpenObject extends AutoCloseable {
  ObjectInfo info();

  /**
   * Reads. Sequential reads are read ahead.
   *
   * @param offset 0 or more
   * @param length 0 to {@link FileSystem#MAX_TRANSFER}
   * @return the caller's to close; shorter only at the end of the object
   */
  Payload read(long offset, int length);

  /** Idempotent. */
  @Override
  void close();
}
