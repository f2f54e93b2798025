package io.forebay.engine.file;

import io.forebay.engine.cache.SegmentReader.Data;
import io.forebay.engine.cache.SegmentReader.Hole;
import io.forebay.engine.cache.SegmentReader.Piece;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentSlice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of a range are: uncommitted writes first, committed extents below them, holes
 * where neither is. Neighbours that continue each other are one piece. One thread.
 */
final class Pieces {
  /** Knows committed extents. */
  interface Known {
    /** The window around an offset, or null. */
    @Nullable ExtentWindow at(long offset);
  }

  private final List<Piece> pieces = new ArrayList<>();
  private final Set<SegmentId> segments = new LinkedHashSet<>();
  private @Nullable SegmentSlice slice;
  private long hole;

  /** In order; only after the last addition. */
  List<Piece> list() {
    flush();
    return pieces;
  }

  /** Those of the pieces that are data. */
  List<SegmentSlice> slices() {
    List<SegmentSlice> all = new ArrayList<>();
    for (Piece piece : list()) {
      if (piece instanceof Data data) {
        all.add(data.slice());
      }
    }
    return all;
  }

  Set<SegmentId> segments() {
    return segments;
  }

  /**
   * Finds [from, to).
   *
   * @param dirty pieces over it, in file order
   * @param windows what is known of the committed extents
   * @return -1, or an offset that no window knows: then these pieces are of no use
   */
  long find(long from, long to, List<DirtyExtent> dirty, Known windows) {
    long done = from;
    for (DirtyExtent piece : dirty) {
      long start = Math.max(from, piece.offset());
      long end = Math.min(to, piece.end());
      long missing = findCommitted(done, start, windows);
      if (missing >= 0) {
        return missing;
      }
      add(piece.within(start, end).slice());
      done = end;
    }
    return findCommitted(done, to, windows);
  }

  private long findCommitted(long from, long to, Known windows) {
    long done = from;
    while (done < to) {
      ExtentWindow window = windows.at(done);
      if (window == null) {
        return done;
      }
      long end = Math.min(to, window.to());
      List<Extent> extents = new ArrayList<>();
      window.collect(done, end, extents);
      for (Extent extent : extents) {
        addHole(extent.fileOffset() - done);
        add(extent.slice());
        done = extent.end();
      }
      addHole(end - done);
      done = end;
    }
    return -1;
  }

  private void add(SegmentSlice next) {
    SegmentSlice last = slice;
    if (last != null
        && last.segment().equals(next.segment())
        && last.end() == next.offset()
        && hole == 0) {
      slice = new SegmentSlice(last.segment(), last.offset(), last.length() + next.length());
      return;
    }
    flush();
    slice = next;
    segments.add(next.segment());
  }

  private void addHole(long length) {
    if (length > 0) {
      if (slice != null) {
        flush();
      }
      hole += length;
    }
  }

  private void flush() {
    SegmentSlice last = slice;
    if (last != null) {
      pieces.add(new Data(last));
      slice = null;
    }
    while (hole > 0) {
      int some = (int) Math.min(hole, Integer.MAX_VALUE);
      pieces.add(new Hole(some));
      hole -= some;
    }
  }
}
