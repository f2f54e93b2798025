package io.forebay.engine.file;

import io.forebay.engine.metadata.Extent;
import io.forebay.engine.segment.SegmentSlice;

/**
 * A piece of an uncommitted write; a user of its run.
 *
 * @param offset in the file
 * @param length 1 or more
 * @param skip bytes of the run before this piece
 * @param run what was written
 * @param sequence of the write: later ones are greater
 */
record DirtyExtent(long offset, int length, int skip, DirtyRun run, long sequence) {
  long end() {
    return offset + length;
  }

  SegmentSlice slice() {
    return run.run().slice().part(skip, length);
  }

  Extent extent() {
    return new Extent(offset, slice());
  }

  /** The part within [from, to), both inside this one; no user of its own yet. */
  DirtyExtent within(long from, long to) {
    int skipped = (int) (from - offset);
    return new DirtyExtent(from, (int) (to - from), skip + skipped, run, sequence);
  }
}
