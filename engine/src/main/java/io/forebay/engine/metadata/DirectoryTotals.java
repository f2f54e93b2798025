package io.forebay.engine.metadata;

import io.forebay.engine.DirectoryUsage;
import io.forebay.engine.InodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table of what lies below each directory. A directory without a row has nothing below it: an
 * empty one costs no statement when it is made or removed.
 */
final class DirectoryTotals {
  /** Where what is in the trash is counted: beside the tree, with the number of no inode. */
  static final InodeId TRASH = new InodeId(Long.MAX_VALUE);

  /** Rows in one statement: a change at this depth costs one. */
  private static final int ROWS = 8;

  private DirectoryTotals() {}

  static Optional<DirectoryUsage> find(Sql sql, InodeId directory) {
    return sql.find(
        "SELECT bytes, size, files, directories FROM directory_total WHERE inode = ?",
        row -> new DirectoryUsage(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
        directory.value());
  }

  static void put(Sql sql, Map<InodeId, DirectoryUsage> totals) {
    List<Map.Entry<InodeId, DirectoryUsage>> some = new ArrayList<>(ROWS);
    for (Map.Entry<InodeId, DirectoryUsage> each : totals.entrySet()) {
      if (each.getValue().equals(DirectoryUsage.NONE)) {
        sql.update("DELETE FROM directory_total WHERE inode = ?", each.getKey().value());
        continue;
      }
      some.add(each);
      if (some.size() == ROWS) {
        putRows(sql, some);
        some.clear();
      }
    }
    if (!some.isEmpty()) {
      putRows(sql, some);
    }
  }

  private static void putRows(Sql sql, List<Map.Entry<InodeId, DirectoryUsage>> rows) {
    List<Object> values = new ArrayList<>(5 * rows.size());
    for (Map.Entry<InodeId, DirectoryUsage> row : rows) {
      DirectoryUsage usage = row.getValue();
      values.add(row.getKey().value());
      values.add(usage.bytes());
      values.add(usage.size());
      values.add(usage.files());
      values.add(usage.directories());
    }
    sql.update(
        "INSERT INTO directory_total (inode, bytes, size, files, directories) VALUES "
            + String.join(",", Collections.nCopies(rows.size(), "(?,?,?,?,?)"))
            + " ON CONFLICT (inode) DO UPDATE SET bytes = excluded.bytes, size = excluded.size,"
            + " files = excluded.files, directories = excluded.directories",
        values.toArray());
  }
}
