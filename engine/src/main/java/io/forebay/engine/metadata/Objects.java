package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The object table, as one connection sees it. */
public final class Objects {
  static final String COLUMNS = "o.data_version, o.etag, o.properties";

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
   */
  public record Row(long dataVersion, String etag, byte[] properties) {}

  public Optional<Row> find(InodeId inode) {
    return sql.find(
        "SELECT data_version, etag, properties FROM object WHERE inode = ?",
        row -> new Row(row.getLong(1), row.getString(2), row.getBytes(3)),
        inode.value());
  }

  /** Of a row that an outer join may have left empty. */
  static Optional<Row> mapFrom(ResultSet row, int column) throws SQLException {
    String etag = row.getString(column + 1);
    return etag == null
        ? Optional.empty()
        : Optional.of(new Row(row.getLong(column), etag, row.getBytes(column + 2)));
  }

  void put(InodeId inode, Row row) {
    sql.update(
        "INSERT INTO object (inode, data_version, etag, properties) VALUES (?,?,?,?)"
            + " ON CONFLICT (inode) DO UPDATE SET data_version = excluded.data_version,"
            + " etag = excluded.etag, properties = excluded.properties",
        inode.value(),
        row.dataVersion(),
        row.etag(),
        row.properties());
  }

  void delete(InodeId inode) {
    sql.update("DELETE FROM object WHERE inode = ?", inode.value());
  }
}
