package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentSlice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The extent table, as one connection sees it. Overlaps are trimmed when extents are put. */
public final class Extents {
  private static final String COLUMNS = "file_offset, length, segment, segment_offset";

  private final Sql sql;

  Extents(Sql sql) {
    this.sql = sql;
  }

  /**
   * Extents that have bytes in [from, to), whole, in file order.
   *
   * @param limit the most to return; fewer than the limit means all
   */
  public List<Extent> overlapping(InodeId inode, long from, long to, int limit) {
    List<Extent> overlapping = new ArrayList<>();
    sql.find(
            "SELECT "
                + COLUMNS
                + " FROM extent WHERE inode = ? AND file_offset <= ?"
                + " ORDER BY file_offset DESC LIMIT 1",
            Extents::map,
            inode.value(),
            from)
        .filter(before -> before.end() > from)
        .ifPresent(overlapping::add);
    overlapping.addAll(
        sql.list(
            "SELECT "
                + COLUMNS
                + " FROM extent WHERE inode = ? AND file_offset > ? AND file_offset < ?"
                + " ORDER BY file_offset LIMIT ?",
            Extents::map,
            inode.value(),
            from,
            to,
            limit - overlapping.size()));
    return overlapping;
  }

  void insert(InodeId inode, Extent extent) {
    sql.update(
        "INSERT INTO extent (inode, file_offset, length, segment, segment_offset)"
            + " VALUES (?,?,?,?,?)",
        inode.value(),
        extent.fileOffset(),
        extent.length(),
        extent.slice().segment().value(),
        extent.slice().offset());
  }

  /** Deletes an extent if it is still exactly this one. */
  boolean deleteExactly(InodeId inode, Extent extent) {
    return sql.update(
            "DELETE FROM extent WHERE inode = ? AND file_offset = ? AND length = ?"
                + " AND segment = ? AND segment_offset = ?",
            inode.value(),
            extent.fileOffset(),
            extent.length(),
            extent.slice().segment().value(),
            extent.slice().offset())
        == 1;
  }

  /** Deletes those that begin at {@code first}, at {@code last}, or between. */
  void deleteAll(InodeId inode, long first, long last) {
    sql.update(
        "DELETE FROM extent WHERE inode = ? AND file_offset BETWEEN ? AND ?",
        inode.value(),
        first,
        last);
  }

  /**
   * Moves every extent of an inode to another inode, {@code shift} bytes further on. Row by row: a
   * statement that changes many keys keeps copies of their pages for its own undoing, and finding
   * the end of those takes the longer, the more such statements a savepoint has seen.
   */
  void rehome(InodeId from, InodeId to, long shift) {
    List<Extent> all =
        sql.list(
            "SELECT " + COLUMNS + " FROM extent WHERE inode = ? ORDER BY file_offset",
            Extents::map,
            from.value());
    for (Extent extent : all) {
      insert(to, new Extent(extent.fileOffset() + shift, extent.slice()));
    }
    sql.update("DELETE FROM extent WHERE inode = ?", from.value());
  }

  /**
   * Copies what [from, to) of one inode has to another inode, {@code shift} bytes further on, where
   * the other has nothing yet.
   */
  void copy(InodeId source, long from, long to, InodeId target, long shift) {
    sql.update(
        "INSERT INTO extent (inode, file_offset, length, segment, segment_offset)"
            + " SELECT ?1, begins + ?2, ends - begins, segment,"
            + " segment_offset + begins - file_offset"
            + " FROM (SELECT file_offset, segment, segment_offset,"
            + " CASE WHEN file_offset < ?3 THEN ?3 ELSE file_offset END AS begins,"
            + " CASE WHEN file_offset + length > ?4 THEN ?4 ELSE file_offset + length END AS ends"
            + " FROM extent WHERE inode = ?5 AND file_offset < ?4 AND file_offset >="
            + " COALESCE((SELECT MAX(file_offset) FROM extent"
            + " WHERE inode = ?5 AND file_offset <= ?3), 0)) AS cut WHERE ends > begins",
        target.value(),
        shift,
        from,
        to,
        source.value());
  }

  /** Bytes that [from, to) of an inode has, by segment; its extents do not cross the borders. */
  Map<SegmentId, Long> bytesBySegment(InodeId inode, long from, long to) {
    Map<SegmentId, Long> bytes = new HashMap<>();
    sql.list(
            "SELECT segment, SUM(length) FROM extent"
                + " WHERE inode = ? AND file_offset >= ? AND file_offset < ? GROUP BY segment",
            row -> Map.entry(new SegmentId(row.getLong(1)), row.getLong(2)),
            inode.value(),
            from,
            to)
        .forEach(each -> bytes.put(each.getKey(), each.getValue()));
    return bytes;
  }

  /** The segments that an inode has bytes in. */
  public Set<SegmentId> segments(InodeId inode) {
    return bytesBySegment(inode, 0, Long.MAX_VALUE).keySet();
  }

  /** Of those, the ones whose rows do not say that they are in the bucket. */
  public Set<SegmentId> unstoredSegments(InodeId inode) {
    // There are few of them, whatever the size of the file; the literals are the partial index's.
    return Set.copyOf(
        sql.list(
            "SELECT id FROM segment WHERE state <> 3 AND state IN (1, 2) AND EXISTS"
                + " (SELECT 1 FROM extent e WHERE e.segment = segment.id AND e.inode = ?)",
            row -> new SegmentId(row.getLong(1)),
            inode.value()));
  }

  private static Extent map(ResultSet row) throws SQLException {
    return new Extent(
        row.getLong(1),
        new SegmentSlice(new SegmentId(row.getLong(3)), row.getInt(4), row.getInt(2)));
  }
}
