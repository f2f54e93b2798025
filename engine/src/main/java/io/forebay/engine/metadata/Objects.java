package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectLock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The object table, as one connection sees it. */
public final class Objects {
  static final String COLUMNS =
      "o.data_version, o.etag, o.properties, o.version, o.retention_mode, o.retain_until_ns,"
          + " o.legal_hold";

  private final Sql sql;

  Objects(Sql sql) {
    this.sql = sql;
  }

  /**
   * What S3 keeps with an inode.
   *
   * @param dataVersion the content's version for which ETag and checksums hold
   * @param etag without quotes
   * @param properties encoded; not to be changed
   * @param version the id of the version; 0 for a null version
   * @param lock what keeps the version from being destroyed
   */
  public record Row(
      long dataVersion, String etag, byte[] properties, long version, ObjectLock lock) {
    /** Of a null version without a lock. */
    public Row(long dataVersion, String etag, byte[] properties) {
      this(dataVersion, etag, properties, 0, ObjectLock.NONE);
    }

    public Row withVersion(long newVersion, ObjectLock newLock) {
      return new Row(dataVersion, etag, properties, newVersion, newLock);
    }
  }

  public Optional<Row> find(InodeId inode) {
    return sql.find(
        "SELECT " + COLUMNS + " FROM object o WHERE o.inode = ?",
        row -> map(row, 1),
        inode.value());
  }

  /** Of a row that an outer join may have left empty. */
  static Optional<Row> mapFrom(ResultSet row, int column) throws SQLException {
    String etag = row.getString(column + 1);
    return etag == null ? Optional.empty() : Optional.of(map(row, column));
  }

  private static Row map(ResultSet row, int column) throws SQLException {
    return new Row(
        row.getLong(column),
        row.getString(column + 1),
        row.getBytes(column + 2),
        row.getLong(column + 3),
        new ObjectLock(
            ObjectLock.Mode.values()[row.getInt(column + 4)],
            row.getLong(column + 5),
            row.getInt(column + 6) != 0));
  }

  void put(InodeId inode, Row row) {
    sql.update(
        "INSERT INTO object (inode, data_version, etag, properties, version, retention_mode,"
            + " retain_until_ns, legal_hold) VALUES (?,?,?,?,?,?,?,?)"
            + " ON CONFLICT (inode) DO UPDATE SET data_version = excluded.data_version,"
            + " etag = excluded.etag, properties = excluded.properties,"
            + " version = excluded.version, retention_mode = excluded.retention_mode,"
            + " retain_until_ns = excluded.retain_until_ns, legal_hold = excluded.legal_hold",
        inode.value(),
        row.dataVersion(),
        row.etag(),
        row.properties(),
        row.version(),
        row.lock().mode().ordinal(),
        row.lock().retainUntilNanos(),
        row.lock().legalHold() ? 1 : 0);
  }

  void delete(InodeId inode) {
    sql.update("DELETE FROM object WHERE inode = ?", inode.value());
  }
}
