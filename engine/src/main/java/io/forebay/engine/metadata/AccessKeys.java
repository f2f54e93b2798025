package io.forebay.engine.metadata;

import io.forebay.engine.AccessKey;
import io.forebay.engine.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The access_key table, as one connection sees it. */
public final class AccessKeys {
  private static final String COLUMNS =
      "id, secret, uid, gid, groups, label, created_ns, enabled, sealed_by";

  /**
   * A row.
   *
   * @param key its secret is as stored
   * @param sealedBy the id of the master key that sealed the secret; "" for one in plain text, as
   *     format version 1 has them
   */
  record Row(AccessKey key, String sealedBy) {
    @Override
    public String toString() {
      return key.toString();
    }
  }

  private final Sql sql;

  AccessKeys(Sql sql) {
    this.sql = sql;
  }

  Optional<Row> find(String id) {
    return sql.find("SELECT " + COLUMNS + " FROM access_key WHERE id = ?", AccessKeys::map, id);
  }

  List<Row> list() {
    return sql.list("SELECT " + COLUMNS + " FROM access_key ORDER BY id", AccessKeys::map);
  }

  void put(Row row) {
    AccessKey key = row.key();
    String groups =
        key.owner().groups().stream()
            .sorted()
            .map(Integer::toUnsignedString)
            .collect(Collectors.joining(","));
    sql.update(
        "INSERT INTO access_key ("
            + COLUMNS
            + ") VALUES (?,?,?,?,?,?,?,?,?)"
            + " ON CONFLICT (id) DO UPDATE SET secret = excluded.secret, uid = excluded.uid,"
            + " gid = excluded.gid, groups = excluded.groups, label = excluded.label,"
            + " created_ns = excluded.created_ns, enabled = excluded.enabled,"
            + " sealed_by = excluded.sealed_by",
        key.id(),
        key.secret(),
        Integer.toUnsignedLong(key.owner().uid()),
        Integer.toUnsignedLong(key.owner().gid()),
        groups,
        key.label(),
        key.createdNanos(),
        key.enabled(),
        row.sealedBy());
  }

  void delete(String id) {
    sql.update("DELETE FROM access_key WHERE id = ?", id);
  }

  private static Row map(ResultSet row) throws SQLException {
    String groups = row.getString(5);
    Set<Integer> ids =
        groups.isEmpty()
            ? Set.of()
            : Arrays.stream(groups.split(",", -1))
                .map(Integer::parseUnsignedInt)
                .collect(Collectors.toSet());
    AccessKey key =
        new AccessKey(
            row.getString(1),
            row.getString(2),
            new Caller((int) row.getLong(3), (int) row.getLong(4), ids),
            row.getString(6),
            row.getLong(7),
            row.getInt(8) != 0);
    return new Row(key, row.getString(9));
  }
}
