package io.forebay.engine.file;

import io.forebay.engine.metadata.Extent;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for data or a hole in a file as readers see it: uncommitted writes are data, the end of the
 * file is a hole (POSIX.1-2024 lseek, SEEK_DATA and SEEK_HOLE). One thread, with the file's lock.
 */
final class DataSearch {
  /**
   * How far a search came.
   *
   * @param at where it found what it looked for, or, when that is not known, what it has to know
   * @param known whether it found; else the extents at {@code at} have to be loaded first
   */
  record Outcome(long at, boolean known) {}

  /** Nothing of the kind up to the end of the file. */
  static final long NONE = -1;

  private final DirtyExtents dirty;
  private final Pieces.Known windows;
  private final long size;

  DataSearch(DirtyExtents dirty, Pieces.Known windows, long size) {
    this.dirty = dirty;
    this.windows = windows;
    this.size = size;
  }

  /** The first byte of data, or of a hole, at or after an offset. */
  Outcome seek(long offset, boolean data) {
    long at = offset;
    while (at < size) {
      List<DirtyExtent> written = dirty.overlapping(at, at + 1);
      if (!written.isEmpty()) {
        if (data) {
          return new Outcome(at, true);
        }
        at = written.getFirst().end();
        continue;
      }
      ExtentWindow window = windows.at(at);
      if (window == null) {
        return new Outcome(at, false);
      }
      long end = Math.min(size, Math.min(window.to(), dirty.nextFrom(at)));
      long found = seekCommitted(window, at, end, data);
      if (found != NONE) {
        return new Outcome(found, true);
      }
      at = end;
    }
    return new Outcome(data || offset >= size ? NONE : size, true);
  }

  private static long seekCommitted(ExtentWindow window, long from, long to, boolean data) {
    List<Extent> extents = new ArrayList<>();
    window.collect(from, to, extents);
    if (data) {
      return extents.isEmpty() ? NONE : extents.getFirst().fileOffset();
    }
    long done = from;
    for (Extent extent : extents) {
      if (extent.fileOffset() > done) {
        return done;
      }
      done = extent.end();
    }
    return done < to ? done : NONE;
  }
}
