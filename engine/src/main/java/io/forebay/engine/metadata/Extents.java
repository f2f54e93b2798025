package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentSlice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

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

  void delete(InodeId inode, long fileOffset) {
    sql.update("DELETE FROM extent WHERE inode = ? AND file_offset = ?", inode.value(), fileOffset);
  }

  /** Moves every extent of an inode to another inode, {@code shift} bytes further on. */
  void rehome(InodeId from, InodeId to, long shift) {
    sql.update(
        "UPDATE extent SET inode = ?, file_offset = file_offset + ? WHERE inode = ?",
        to.value(),
        shift,
        from.value());
  }

  private static Extent map(ResultSet row) throws SQLException {
    return new Extent(
        row.getLong(1),
        new SegmentSlice(new SegmentId(row.getLong(3)), row.getInt(4), row.getInt(2)));
  }
}
