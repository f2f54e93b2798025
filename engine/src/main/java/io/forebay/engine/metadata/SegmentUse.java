package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentSlice;
import java.util.List;
import java.util.Optional;

/** Who uses which segment, for work that reclaims space. Thread-safe. */
public final class SegmentUse {
  private final MetadataStore store;

  public SegmentUse(MetadataStore store) {
    this.store = store;
  }

  /** Things and their bytes. */
  public record Amount(long count, long bytes) {}

  /** Inodes that wait for deletion. */
  public Amount queued() {
    return amount(
        "SELECT COUNT(*), COALESCE(SUM(i.space_used), 0) FROM work w JOIN inode i"
            + " ON i.id = w.subject WHERE w.kind = "
            + WorkKind.DELETE_INODE.code());
  }

  /** Segments that nothing refers to. */
  public Amount dead() {
    // Both conditions, so that the partial index is used.
    return amount(
        "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM segment WHERE state = 4 AND state <> 3");
  }

  private Amount amount(String query) {
    return store.read(snapshot ->
        snapshot
            .sql()
            .find(query, row -> new Amount(row.getLong(1), row.getLong(2)))
            .orElse(new Amount(0, 0)));
  }

  /**
   * A segment in the bucket.
   *
   * @param size of its data
   * @param liveBytes what extents refer to; more than the size when they share bytes
   */
  public record Stored(SegmentId id, int size, long liveBytes, long createdNanos) {}

  /** Segments in the bucket with ids above {@code after}, in id order, among the next so many. */
  public List<Stored> stored(long after, int limit) {
    return store.read(snapshot ->
        snapshot
            .sql()
            .list(
                "SELECT id, size, live_bytes, created_ns FROM segment"
                    + " WHERE id > ? AND state = 3 ORDER BY id LIMIT ?",
                row ->
                    new Stored(
                        new SegmentId(row.getLong(1)),
                        row.getInt(2),
                        row.getLong(3),
                        row.getLong(4)),
                after,
                limit));
  }

  /** Lost segments that files still refer to, in id order. */
  public List<SegmentId> lost(int limit) {
    return store.read(snapshot ->
        snapshot
            .sql()
            .list(
                "SELECT id FROM segment WHERE state = 5 AND state <> 3 AND live_bytes > 0"
                    + " ORDER BY id LIMIT ?",
                row -> new SegmentId(row.getLong(1)),
                limit));
  }

  /** Whether there is a row of this segment, in any state. */
  public boolean isKnown(SegmentId id) {
    return store.read(snapshot -> snapshot.segments().find(id).isPresent());
  }

  /** An extent of an inode. */
  public record Reference(InodeId inode, Extent extent) {}

  /**
   * What refers to a segment, in segment order.
   *
   * @return empty when that is more than {@code limit}
   */
  public Optional<List<Reference>> references(SegmentId id, int limit) {
    List<Reference> all =
        store.read(snapshot ->
            snapshot
                .sql()
                .list(
                    "SELECT inode, file_offset, length, segment_offset FROM extent"
                        + " WHERE segment = ? ORDER BY inode, file_offset LIMIT ?",
                    row ->
                        new Reference(
                            new InodeId(row.getLong(1)),
                            new Extent(
                                row.getLong(2),
                                new SegmentSlice(id, row.getInt(4), row.getInt(3)))),
                    id.value(),
                    limit + 1));
    if (all.size() > limit) {
      return Optional.empty();
    }
    return Optional.of(
        all.stream()
            .sorted(
                (a, b) -> Integer.compare(a.extent().slice().offset(), b.extent().slice().offset()))
            .toList());
  }

  /**
   * The same bytes of a file in another place.
   *
   * @param to covers exactly what {@code from} does, in file order
   * @param runs as written there
   */
  public record Move(Reference from, List<Extent> to, List<SegmentRun> runs) {}

  /** Hears of a move while no reader can have seen it yet; on the writer thread. */
  public interface Moved {
    void moved(InodeId inode);
  }

  /**
   * Points extents that are still what they were to where their bytes are now, in one transaction.
   *
   * @param moves the new places are in segments that the caller has pinned
   * @return bytes that were moved
   */
  public long move(List<Move> moves, Moved listener) {
    return store.write(transaction -> {
      long bytes = 0;
      for (Move move : moves) {
        Reference from = move.from();
        if (transaction.relocate(from.inode(), from.extent(), move.to())) {
          transaction.addRuns(move.runs());
          transaction.onCommit(() -> listener.moved(from.inode()));
          bytes += from.extent().length();
        }
      }
      return bytes;
    });
  }
}
