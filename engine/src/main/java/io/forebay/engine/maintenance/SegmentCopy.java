package io.forebay.engine.maintenance;

import io.forebay.engine.Payload;
import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.cache.SegmentReader.Data;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.SegmentUse;
import io.forebay.engine.metadata.SegmentUse.Move;
import io.forebay.engine.metadata.SegmentUse.Reference;
import io.forebay.engine.metadata.Transaction;
import io.forebay.engine.segment.AppendStream;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Copies what lives of segments: each byte once, however many extents share it. Holds the pins of
 * what it has written until {@link #unpin}. One thread.
 */
final class SegmentCopy {
  /**
   * More extents of one segment than this are not moved: bounds memory, and only clones reach it.
   */
  private static final int MAX_REFERENCES = 65_536;

  private static final int CHUNK = 1 << 20;

  private final SegmentUse use;
  private final SegmentReader reader;
  private final SegmentPins pins;
  private final List<SegmentRun> written = new ArrayList<>();

  SegmentCopy(SegmentUse use, SegmentReader reader, SegmentPins pins) {
    this.use = use;
    this.reader = reader;
    this.pins = pins;
  }

  /** The segments the copies are in. */
  Set<SegmentId> targets() {
    Set<SegmentId> all = new LinkedHashSet<>();
    written.forEach(run -> all.add(run.slice().segment()));
    return all;
  }

  /**
   * Copies one segment.
   *
   * @param id pinned
   * @param moves gets what has to be moved
   * @return false when too much refers to it
   */
  boolean add(SegmentId id, AppendStream stream, List<Move> moves) {
    Optional<List<Reference>> references = use.references(id, MAX_REFERENCES);
    if (references.isEmpty()) {
      return false;
    }
    // By the offset in the old segment at which they begin.
    TreeMap<Integer, SegmentRun> copies = new TreeMap<>();
    int done = 0;
    for (Reference reference : references.get()) {
      SegmentSlice slice = reference.extent().slice();
      int from = Math.max(done, slice.offset());
      if (from < slice.end()) {
        copy(reference, from, stream, copies);
        done = slice.end();
      }
    }
    for (Reference reference : references.get()) {
      moves.add(move(reference, copies));
    }
    return true;
  }

  private void copy(
      Reference reference, int begin, AppendStream stream, TreeMap<Integer, SegmentRun> copies) {
    SegmentSlice slice = reference.extent().slice();
    for (int from = begin; from < slice.end(); ) {
      int length = Math.min(CHUNK, slice.end() - from);
      ByteBuffer bytes = ByteBuffer.allocate(length);
      try (Payload payload =
          reader.read(
              List.of(new Data(new SegmentSlice(slice.segment(), from, length))),
              Intent.SEQUENTIAL)) {
        payload.copyTo(bytes);
      }
      long fileOffset = reference.extent().fileOffset() + from - slice.offset();
      for (SegmentRun run : stream.append(reference.inode(), fileOffset, bytes.flip())) {
        written.add(run);
        copies.put(from, run);
        from += run.slice().length();
      }
    }
  }

  private static Move move(Reference reference, TreeMap<Integer, SegmentRun> copies) {
    Extent extent = reference.extent();
    List<Extent> to = new ArrayList<>();
    List<SegmentRun> runs = new ArrayList<>();
    int from = extent.slice().offset();
    while (from < extent.slice().end()) {
      Map.Entry<Integer, SegmentRun> copy = copies.floorEntry(from);
      SegmentSlice there = copy.getValue().slice();
      int skip = from - copy.getKey();
      int length = Math.min(there.length() - skip, extent.slice().end() - from);
      long fileOffset = extent.fileOffset() + from - extent.slice().offset();
      to.add(new Extent(fileOffset, there.part(skip, length)));
      runs.add(copy.getValue());
      from += length;
    }
    return new Move(reference, Transaction.coalesce(to), runs);
  }

  /** Lets go of what was written, after it was moved to or given up. */
  void unpin() {
    written.forEach(run -> pins.unpin(run.slice().segment()));
  }
}
