package io.forebay.engine.metadata;

import io.forebay.engine.segment.SegmentSlice;

/**
 * A run of a file.
 *
 * @param fileOffset first byte in the file
 * @param slice where those bytes are
 */
public record Extent(long fileOffset, SegmentSlice slice) {
  public int length() {
    return slice.length();
  }

  /** The first byte of the file after the extent. */
  public long end() {
    return fileOffset + slice.length();
  }

  /** The part of this extent within [from, to) of the file; both inside it. */
  public Extent within(long from, long to) {
    return new Extent(from, slice.part((int) (from - fileOffset), (int) (to - from)));
  }

  /** Whether {@code next} continues this one in the file and in the segment. */
  public boolean continuesIn(Extent next) {
    return end() == next.fileOffset
        && slice.segment().equals(next.slice.segment())
        && slice.end() == next.slice.offset();
  }

  /** This extent and the one that continues it. */
  public Extent with(Extent next) {
    return new Extent(
        fileOffset,
        new SegmentSlice(slice.segment(), slice.offset(), slice.length() + next.length()));
  }
}
