package io.forebay.engine.file;

import io.forebay.engine.metadata.Extent;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is known of a stretch of a file: every committed extent with bytes in [from, to). Extents
 * may stick out of it. 24 bytes an extent. Immutable.
 */
final class ExtentWindow {
  private final long from;
  private final long to;
  private final long[] offsets;
  private final int[] lengths;
  private final long[] segments;
  private final int[] segmentOffsets;

  /**
   * @param to exclusive; {@link Long#MAX_VALUE} when nothing follows
   * @param extents in file order
   */
  ExtentWindow(long from, long to, List<Extent> extents) {
    this.from = from;
    this.to = to;
    int count = extents.size();
    offsets = new long[count];
    lengths = new int[count];
    segments = new long[count];
    segmentOffsets = new int[count];
    for (int i = 0; i < count; i++) {
      Extent extent = extents.get(i);
      offsets[i] = extent.fileOffset();
      lengths[i] = extent.length();
      segments[i] = extent.slice().segment().value();
      segmentOffsets[i] = extent.slice().offset();
    }
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  int count() {
    return offsets.length;
  }

  /** Appends the extents with bytes in [start, end), clipped to it. */
  void collect(long start, long end, List<Extent> into) {
    int i = Arrays.binarySearch(offsets, start);
    int first = i >= 0 ? i : Math.max(0, -i - 2);
    for (int k = first; k < offsets.length && offsets[k] < end; k++) {
      Extent extent = at(k);
      if (extent.end() > start) {
        into.add(extent.within(Math.max(start, offsets[k]), Math.min(end, extent.end())));
      }
    }
  }

  private Extent at(int i) {
    return new Extent(
        offsets[i], new SegmentSlice(new SegmentId(segments[i]), segmentOffsets[i], lengths[i]));
  }

  /** This window up to {@code end}, which lies in it. */
  ExtentWindow upTo(long end) {
    List<Extent> kept = new ArrayList<>();
    collect(from, end, kept);
    return new ExtentWindow(from, end, kept);
  }

  /** This window after a truncation: nothing from {@code size} on. */
  ExtentWindow truncated(long size) {
    List<Extent> kept = new ArrayList<>();
    if (size > from) {
      collect(from, Math.min(size, to), kept);
    }
    return new ExtentWindow(from, to, kept);
  }

  /**
   * This window after a commit put extents over what was there.
   *
   * @param put in file order, not overlapping
   */
  ExtentWindow with(List<Extent> put) {
    List<Extent> merged = new ArrayList<>(offsets.length + put.size());
    long done = from;
    for (Extent extent : put) {
      long start = Math.max(from, extent.fileOffset());
      long end = Math.min(to, extent.end());
      if (start < end) {
        if (done < start) {
          collect(done, start, merged);
        }
        merged.add(extent.within(start, end));
        done = end;
      }
    }
    if (done < to) {
      collect(done, to, merged);
    }
    return new ExtentWindow(from, to, merged);
  }
}
