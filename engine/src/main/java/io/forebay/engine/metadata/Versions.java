package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The version table, as one connection sees it: what is not current, and delete markers. */
public final class Versions {
  private static final String COLUMNS =
      "bucket, object_key, seq, version, inode, uid, modify_ns, noncurrent_ns";

  private final Sql sql;

  Versions(Sql sql) {
    this.sql = sql;
  }

  /**
   * A version, or a delete marker.
   *
   * @param key the whole key; not to be changed
   * @param seq below 0; later versions of a key have smaller ones
   * @param version its id; 0 for the key's null version
   * @param inode nameless; empty for a delete marker
   * @param uid of whom a marker is
   * @param modifyNanos when a marker was made; of a version the inode tells
   * @param noncurrentNanos since when something else is current
   */
  public record Row(
      InodeId bucket,
      byte[] key,
      long seq,
      long version,
      Optional<InodeId> inode,
      int uid,
      long modifyNanos,
      long noncurrentNanos) {
    public boolean isMarker() {
      return inode.isEmpty();
    }
  }

  /** The latest of a key. */
  public Optional<Row> latest(InodeId bucket, byte[] key) {
    return sql.find(
        "SELECT "
            + COLUMNS
            + " FROM version WHERE bucket = ? AND object_key = ? ORDER BY seq LIMIT 1",
        Versions::map,
        bucket.value(),
        key);
  }

  /** Those after a place, in the order of keys, each key's the latest first. */
  public List<Row> after(InodeId bucket, byte[] key, long seq, int limit) {
    return sql.list(
        "SELECT "
            + COLUMNS
            + " FROM version WHERE bucket = ? AND (object_key, seq) > (?, ?)"
            + " ORDER BY object_key, seq LIMIT ?",
        Versions::map,
        bucket.value(),
        key,
        seq,
        limit);
  }

  /** By id, 0 for the null version. */
  public Optional<Row> find(InodeId bucket, byte[] key, long version) {
    return sql.find(
        "SELECT " + COLUMNS + " FROM version WHERE bucket = ? AND object_key = ? AND version = ?",
        Versions::map,
        bucket.value(),
        key,
        version);
  }

  public boolean isEmpty(InodeId bucket) {
    return sql.find("SELECT 1 FROM version WHERE bucket = ? LIMIT 1", row -> 1, bucket.value())
        .isEmpty();
  }

  /** In a transaction. */
  public void insert(Row row) {
    sql.update(
        "INSERT INTO version (" + COLUMNS + ") VALUES (?,?,?,?,?,?,?,?)",
        row.bucket().value(),
        row.key(),
        row.seq(),
        row.version(),
        row.inode().map(InodeId::value).orElse(null),
        row.uid(),
        row.modifyNanos(),
        row.noncurrentNanos());
  }

  /** In a transaction. */
  public void delete(Row row) {
    sql.update(
        "DELETE FROM version WHERE bucket = ? AND object_key = ? AND seq = ?",
        row.bucket().value(),
        row.key(),
        row.seq());
  }

  private static Row map(ResultSet row) throws SQLException {
    long inode = row.getLong(5);
    Optional<InodeId> named = row.wasNull() ? Optional.empty() : Optional.of(new InodeId(inode));
    return new Row(
        new InodeId(row.getLong(1)),
        row.getBytes(2),
        row.getLong(3),
        row.getLong(4),
        named,
        row.getInt(6),
        row.getLong(7),
        row.getLong(8));
  }
}
