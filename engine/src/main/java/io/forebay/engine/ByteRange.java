package io.forebay.engine;

/**
 * A run of bytes.
 *
 * @param offset first byte, 0 or more
 * @param length 0 or more
 */
public record ByteRange(long offset, long length) {
  public ByteRange {
    if (offset < 0 || length < 0 || offset + length < 0) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a range of bytes");
    }
  }

  /** The first byte after the range. */
  public long end() {
    return offset + length;
  }
}
