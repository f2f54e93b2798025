package io.forebay.engine.file;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The uncommitted writes of one file; they never overlap: a later write cuts earlier ones. Not
 * thread-safe: the file's lock guards it.
 */
final class DirtyExtents {
  private final NavigableMap<Long, DirtyExtent> pieces = new TreeMap<>();
  private final DirtyTotals totals;
  private long bytes;

  DirtyExtents(DirtyTotals totals) {
    this.totals = totals;
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  int count() {
    return pieces.size();
  }

  long bytes() {
    return bytes;
  }

  /** The end of the last piece; 0 without any. */
  long end() {
    return pieces.isEmpty() ? 0 : pieces.lastEntry().getValue().end();
  }

  /** Puts a piece over what was there; takes its use of the run over. */
  void put(DirtyExtent piece) {
    cut(piece.offset(), piece.end());
    add(piece);
  }

  private void cut(long from, long to) {
    for (DirtyExtent old : overlapping(from, to)) {
      // The rest on either side uses the run too, before the whole lets go of it.
      if (old.offset() < from) {
        old.run().share();
      }
      if (to < old.end()) {
        old.run().share();
      }
      remove(old);
      if (old.offset() < from) {
        add(old.within(old.offset(), from));
      }
      if (to < old.end()) {
        add(old.within(to, old.end()));
      }
    }
  }

  /** Those with bytes in [from, to), whole, in file order. */
  List<DirtyExtent> overlapping(long from, long to) {
    if (pieces.isEmpty()) {
      return List.of();
    }
    List<DirtyExtent> found = new ArrayList<>();
    Map.Entry<Long, DirtyExtent> before = pieces.lowerEntry(from);
    if (before != null && before.getValue().end() > from) {
      found.add(before.getValue());
    }
    found.addAll(pieces.subMap(from, true, Math.max(from, to), false).values());
    return found;
  }

  /** Where the first piece that begins at or after an offset begins; else the largest number. */
  long nextFrom(long offset) {
    Long next = pieces.ceilingKey(offset);
    return next == null ? Long.MAX_VALUE : next;
  }

  /** All pieces in file order; for a snapshot, each is shared with the receiver. */
  List<DirtyExtent> share() {
    Collection<DirtyExtent> all = pieces.values();
    all.forEach(piece -> piece.run().share());
    return List.copyOf(all);
  }

  /** Drops what was written up to, and with, this sequence: it is committed, or cut off. */
  void dropUpTo(long sequence) {
    List<DirtyExtent> old =
        pieces.values().stream().filter(piece -> piece.sequence() <= sequence).toList();
    old.forEach(this::remove);
  }

  private void add(DirtyExtent piece) {
    pieces.put(piece.offset(), piece);
    bytes += piece.length();
    totals.add(1, piece.length());
  }

  private void remove(DirtyExtent piece) {
    pieces.remove(piece.offset());
    bytes -= piece.length();
    totals.add(-1, -piece.length());
    piece.run().release();
  }
}
