package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentLedger.Row;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentSlice;
import io.forebay.engine.segment.SegmentState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The segment and segment_run tables, as one connection sees them. */
final class Segments {
  private static final String COLUMNS = "id, state, size, live_bytes";

  private final Sql sql;

  Segments(Sql sql) {
    this.sql = sql;
  }

  Optional<Row> find(SegmentId id) {
    return sql.find("SELECT " + COLUMNS + " FROM segment WHERE id = ?", Segments::map, id.value());
  }

  List<Row> inState(SegmentState state, long after, int limit) {
    // The state is a literal so that the partial index is used.
    return sql.list(
        "SELECT "
            + COLUMNS
            + " FROM segment WHERE state = "
            + state.code()
            + " AND state <> 3 AND id > ? ORDER BY id LIMIT ?",
        Segments::map,
        after,
        limit);
  }

  /** The end of the last committed run of a segment; 0 without any. */
  int committedEnd(SegmentId id) {
    return sql.find(
            "SELECT COALESCE(MAX(segment_offset + length), 0) FROM segment_run WHERE segment = ?",
            row -> row.getInt(1),
            id.value())
        .orElse(0);
  }

  List<SegmentRun> runs(SegmentId id) {
    return sql.list(
        "SELECT segment_offset, length, inode, file_offset, crc32c FROM segment_run"
            + " WHERE segment = ? ORDER BY segment_offset",
        row ->
            new SegmentRun(
                new SegmentSlice(id, row.getInt(1), row.getInt(2)),
                new InodeId(row.getLong(3)),
                row.getLong(4),
                row.getInt(5)),
        id.value());
  }

  Optional<PageChecksums> checksums(SegmentId id) {
    return sql.find(
            "SELECT checksums, size FROM segment WHERE id = ?",
            row ->
                Optional.ofNullable(row.getBytes(1))
                    .map(encoded -> {
                      try {
                        return PageChecksums.decode(encoded, row.getInt(2));
                      } catch (SQLException e) {
                        throw Sql.failure(e);
                      }
                    }),
            id.value())
        .flatMap(found -> found);
  }

  /** Changes live bytes; a segment that is referred to for the first time gets its row, OPEN. */
  void addLiveBytes(SegmentId id, long delta, long now) {
    int changed =
        sql.update(
            "UPDATE segment SET live_bytes = live_bytes + ?1, state = CASE"
                + " WHEN state = 3 AND live_bytes + ?1 = 0 THEN 4"
                + " WHEN state = 4 AND live_bytes + ?1 > 0 THEN 3"
                + " ELSE state END WHERE id = ?2",
            delta,
            id.value());
    if (changed == 0) {
      sql.update(
          "INSERT INTO segment (id, state, size, live_bytes, owner, created_ns)"
              + " VALUES (?, 1, 0, ?, 0, ?)",
          id.value(),
          delta,
          now);
    }
  }

  /** Adds a run, unless the segment is in the bucket already. */
  void addRun(SegmentRun run) {
    SegmentSlice slice = run.slice();
    sql.update(
        "INSERT INTO segment_run (segment, segment_offset, length, inode, file_offset, crc32c)"
            + " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS"
            + " (SELECT 1 FROM segment WHERE id = ?1 AND state IN (3, 4))"
            + " ON CONFLICT (segment, segment_offset) DO NOTHING",
        slice.segment().value(),
        slice.offset(),
        slice.length(),
        run.inode().value(),
        run.fileOffset(),
        run.crc32c());
  }

  void sealed(SegmentId id, int dataLength, PageChecksums checksums) {
    sql.update(
        "UPDATE segment SET state = 2, size = ?, checksums = ? WHERE id = ? AND state = 1",
        dataLength,
        checksums.encode(),
        id.value());
  }

  void stored(SegmentId id) {
    int changed =
        sql.update(
            "UPDATE segment SET state = CASE WHEN live_bytes = 0 THEN 4 ELSE 3 END"
                + " WHERE id = ? AND state = 2",
            id.value());
    if (changed > 0) {
      sql.update("DELETE FROM segment_run WHERE segment = ?", id.value());
    }
  }

  void lost(SegmentId id) {
    sql.update("UPDATE segment SET state = 5 WHERE id = ?", id.value());
  }

  void deleteDead(SegmentId id) {
    int changed = sql.update("DELETE FROM segment WHERE id = ? AND state = 4", id.value());
    if (changed > 0) {
      sql.update("DELETE FROM segment_run WHERE segment = ?", id.value());
    }
  }

  private static Row map(ResultSet row) throws SQLException {
    return new Row(
        new SegmentId(row.getLong(1)),
        SegmentState.ofCode(row.getInt(2)),
        row.getInt(3),
        row.getLong(4));
  }
}
