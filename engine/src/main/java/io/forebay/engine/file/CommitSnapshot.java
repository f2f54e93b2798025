package io.forebay.engine.file;

import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.Transaction;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentRun;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A file's uncommitted writes at one moment; a user of their runs until it is closed.
 *
 * @param pieces in file order
 * @param upTo sequence of the last write in it
 * @param version change that readers were shown with this content
 * @param shown the last change that readers were shown, with this content
 * @param writtenNanos when the last of it was written
 * @param takenNanos monotonic
 */
record CommitSnapshot(
    List<DirtyExtent> pieces,
    long upTo,
    long version,
    long shown,
    long writtenNanos,
    long takenNanos)
    implements AutoCloseable {

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  Set<SegmentId> segments() {
    Set<SegmentId> all = new LinkedHashSet<>();
    pieces.forEach(piece -> all.add(piece.run().run().slice().segment()));
    return all;
  }

  /** What was written, whole, though later writes may have cut it: trailers list it. */
  List<SegmentRun> runs() {
    Set<SegmentRun> all = new LinkedHashSet<>();
    pieces.forEach(piece -> all.add(piece.run().run()));
    return List.copyOf(all);
  }

  /** The pieces as extents, cut off at {@code size}. */
  List<Extent> extents(long size) {
    List<Extent> all = new ArrayList<>(pieces.size());
    for (DirtyExtent piece : pieces) {
      if (piece.offset() < size) {
        all.add(piece.extent().within(piece.offset(), Math.min(size, piece.end())));
      }
    }
    return Transaction.coalesce(all);
  }

  /** The end of the last piece; 0 without any. */
  long end() {
    return pieces.isEmpty() ? 0 : pieces.getLast().end();
  }

  @Override
  public void close() {
    pieces.forEach(piece -> piece.run().release());
  }
}
