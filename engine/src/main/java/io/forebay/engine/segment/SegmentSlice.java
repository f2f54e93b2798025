package io.forebay.engine.segment;

import io.forebay.ambient.Invariant;

/**
 * A run of bytes of a segment.
 *
 * @param segment which
 * @param offset first byte in it, 0 or more
 * @param length 1 or more
 */
public record SegmentSlice(SegmentId segment, int offset, int length) {
  public SegmentSlice {
    Invariant.check(offset >= 0 && length >= 1 && offset + length > 0, "not a slice");
  }

  /** The first byte after the slice. */
  public int end() {
    return offset + length;
  }

  /** The part of this slice that begins {@code skip} bytes in and is {@code count} long. */
  public SegmentSlice part(int skip, int count) {
    Invariant.check(skip >= 0 && count >= 1 && skip + count <= length, "not within the slice");
    return new SegmentSlice(segment, offset + skip, count);
  }
}
