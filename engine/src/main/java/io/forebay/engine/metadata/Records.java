package io.forebay.engine.metadata;

import io.forebay.engine.RecordStore;
import java.util.List;
import java.util.Optional;

/** The record table, as one connection sees it. */
public final class Records {
  private final Sql sql;

  Records(Sql sql) {
    this.sql = sql;
  }

  Optional<byte[]> find(String space, String key) {
    return sql.find(
        "SELECT value FROM record WHERE space = ? AND key = ?", row -> row.getBytes(1), space, key);
  }

  List<RecordStore.Entry> list(String space, String after, int limit) {
    return sql.list(
        "SELECT key, value FROM record WHERE space = ? AND key > ? ORDER BY key LIMIT ?",
        row -> new RecordStore.Entry(row.getString(1), row.getBytes(2)),
        space,
        after,
        limit);
  }

  void put(String space, String key, byte[] value) {
    sql.update(
        "INSERT INTO record (space, key, value) VALUES (?,?,?)"
            + " ON CONFLICT (space, key) DO UPDATE SET value = excluded.value",
        space,
        key,
        value);
  }

  void delete(String space, String key) {
    sql.update("DELETE FROM record WHERE space = ? AND key = ?", space, key);
  }
}
