package io.forebay.engine.metadata;

import io.forebay.engine.ExtendedAttribute;
import io.forebay.engine.InodeId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The xattr table, as one connection sees it. */
public final class ExtendedAttributes {
  private final Sql sql;

  ExtendedAttributes(Sql sql) {
    this.sql = sql;
  }

  /**
   * How much an inode has.
   *
   * @param bytes of names and values
   */
  public record Amount(int count, long bytes) {}

  public Optional<byte[]> find(InodeId inode, String name) {
    return sql.find(
        "SELECT value FROM xattr WHERE inode = ? AND name = ?",
        row -> row.getBytes(1),
        inode.value(),
        bytes(name));
  }

  /** In the order of their cookies. */
  public List<ExtendedAttribute.Listed> list(InodeId inode, long after, int limit) {
    return sql.list(
        "SELECT id, name FROM xattr WHERE inode = ? AND id > ? ORDER BY id LIMIT ?",
        row ->
            new ExtendedAttribute.Listed(
                row.getLong(1), new String(row.getBytes(2), StandardCharsets.UTF_8)),
        inode.value(),
        after,
        limit);
  }

  public Amount amount(InodeId inode) {
    return sql.find(
            "SELECT COUNT(*), COALESCE(SUM(LENGTH(name) + LENGTH(value)), 0)"
                + " FROM xattr WHERE inode = ?",
            row -> new Amount(row.getInt(1), row.getLong(2)),
            inode.value())
        .orElse(new Amount(0, 0));
  }

  void put(InodeId inode, String name, byte[] value) {
    sql.update(
        "INSERT INTO xattr (inode, name, value) VALUES (?,?,?)"
            + " ON CONFLICT (inode, name) DO UPDATE SET value = excluded.value",
        inode.value(),
        bytes(name),
        value);
  }

  void delete(InodeId inode, String name) {
    sql.update("DELETE FROM xattr WHERE inode = ? AND name = ?", inode.value(), bytes(name));
  }

  /** At most {@link ExtendedAttribute#MAX_COUNT} rows. */
  void deleteAll(InodeId inode) {
    sql.update("DELETE FROM xattr WHERE inode = ?", inode.value());
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
