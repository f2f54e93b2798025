package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The upload and part tables, as one connection sees them. */
public final class Uploads {
  private static final String COLUMNS =
      "id, bucket, object_key, initiated_ns, uid, gid, properties, completed";

  private final Sql sql;

  Uploads(Sql sql) {
    this.sql = sql;
  }

  /**
   * A multipart upload.
   *
   * @param id its public id
   * @param bucket inode of the bucket
   * @param key UTF-8 of the object's key; not to be changed
   * @param initiatedNanos since 1970-01-01T00:00:00Z
   * @param uid who began it
   * @param gid whose group
   * @param properties encoded; not to be changed
   * @param completed the inode it became
   */
  public record Row(
      String id,
      InodeId bucket,
      byte[] key,
      long initiatedNanos,
      int uid,
      int gid,
      byte[] properties,
      OptionalLong completed) {}

  /**
   * A part: a nameless inode.
   *
   * @param number 1 to 10,000
   * @param inode that has its extents
   * @param size in bytes
   * @param etag MD5 in hex
   * @param modifyNanos since 1970-01-01T00:00:00Z
   * @param checksums encoded; not to be changed
   */
  public record Part(
      int number, InodeId inode, long size, String etag, long modifyNanos, byte[] checksums) {}

  public Optional<Row> find(String id) {
    return sql.find("SELECT " + COLUMNS + " FROM upload WHERE id = ?", Uploads::map, id);
  }

  /** Uploads of a bucket that are under way, after (key, initiated, id), in that order. */
  public List<Row> list(
      InodeId bucket, byte[] afterKey, long afterInitiated, String afterId, int limit) {
    return sql.list(
        "SELECT "
            + COLUMNS
            + " FROM upload WHERE bucket = ? AND completed IS NULL"
            + " AND (object_key, initiated_ns, id) > (?, ?, ?)"
            + " ORDER BY object_key, initiated_ns, id LIMIT ?",
        Uploads::map,
        bucket.value(),
        afterKey,
        afterInitiated,
        afterId,
        limit);
  }

  /** Uploads begun before a moment, completed ones included. */
  public List<Row> initiatedBefore(long nanos, int limit) {
    return sql.list(
        "SELECT " + COLUMNS + " FROM upload WHERE initiated_ns < ? LIMIT ?",
        Uploads::map,
        nanos,
        limit);
  }

  public Optional<Part> part(String upload, int number) {
    return sql.find(
        "SELECT number, inode, size, etag, modify_ns, checksums FROM part"
            + " WHERE upload = ? AND number = ?",
        Uploads::mapPart,
        upload,
        number);
  }

  public List<Part> parts(String upload, int after, int limit) {
    return sql.list(
        "SELECT number, inode, size, etag, modify_ns, checksums FROM part"
            + " WHERE upload = ? AND number > ? ORDER BY number LIMIT ?",
        Uploads::mapPart,
        upload,
        after,
        limit);
  }

  void insert(Row row) {
    sql.update(
        "INSERT INTO upload (id, bucket, object_key, initiated_ns, uid, gid, properties)"
            + " VALUES (?,?,?,?,?,?,?)",
        row.id(),
        row.bucket().value(),
        row.key(),
        row.initiatedNanos(),
        Integer.toUnsignedLong(row.uid()),
        Integer.toUnsignedLong(row.gid()),
        row.properties());
  }

  void putPart(String upload, Part part) {
    sql.update(
        "INSERT INTO part (upload, number, inode, size, etag, modify_ns, checksums)"
            + " VALUES (?,?,?,?,?,?,?) ON CONFLICT (upload, number) DO UPDATE SET"
            + " inode = excluded.inode, size = excluded.size, etag = excluded.etag,"
            + " modify_ns = excluded.modify_ns, checksums = excluded.checksums",
        upload,
        part.number(),
        part.inode().value(),
        part.size(),
        part.etag(),
        part.modifyNanos(),
        part.checksums());
  }

  void completed(String upload, InodeId inode) {
    sql.update("UPDATE upload SET completed = ? WHERE id = ?", inode.value(), upload);
    sql.update("DELETE FROM part WHERE upload = ?", upload);
  }

  void delete(String upload) {
    sql.update("DELETE FROM part WHERE upload = ?", upload);
    sql.update("DELETE FROM upload WHERE id = ?", upload);
  }

  private static Row map(ResultSet row) throws SQLException {
    long completed = row.getLong(8);
    OptionalLong became = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(completed);
    return new Row(
        row.getString(1),
        new InodeId(row.getLong(2)),
        row.getBytes(3),
        row.getLong(4),
        (int) row.getLong(5),
        (int) row.getLong(6),
        row.getBytes(7),
        became);
  }

  private static Part mapPart(ResultSet row) throws SQLException {
    return new Part(
        row.getInt(1),
        new InodeId(row.getLong(2)),
        row.getLong(3),
        row.getString(4),
        row.getLong(5),
        row.getBytes(6));
  }
}
