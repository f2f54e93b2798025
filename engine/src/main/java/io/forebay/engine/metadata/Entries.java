package io.forebay.engine.metadata;

import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The entry table, as one connection sees it. */
public final class Entries {
  private static final String COLUMNS = "e.parent, e.name, e.inode, e.type, e.cookie";

  private final Sql sql;

  Entries(Sql sql) {
    this.sql = sql;
  }

  /** Names of an inode. */
  public List<Entry> namesOf(InodeId inode, int limit) {
    return sql.list(
        "SELECT " + COLUMNS + " FROM entry e WHERE e.inode = ? LIMIT ?",
        Entries::map,
        inode.value(),
        limit);
  }

  /** An entry with the inode it names. */
  public record WithInode(Entry entry, Inode inode) {}

  /** An entry with the inode it names and what S3 keeps with that. */
  public record WithObject(Entry entry, Inode inode, Optional<Objects.Row> object) {}

  public Optional<Entry> find(InodeId parent, FileName name) {
    return sql.find(
        "SELECT " + COLUMNS + " FROM entry e WHERE e.parent = ? AND e.name = ?",
        Entries::map,
        parent.value(),
        name.toBytes());
  }

  /** Entries with cookies above {@code after}, in cookie order. */
  public List<WithInode> listByCookie(InodeId parent, long after, int limit) {
    return sql.list(
        "SELECT "
            + InodeRows.COLUMNS
            + ", "
            + COLUMNS
            + " FROM entry e JOIN inode i ON i.id = e.inode"
            + " WHERE e.parent = ? AND e.cookie > ? ORDER BY e.cookie LIMIT ?",
        row -> new WithInode(mapFrom(row, 22), InodeRows.map(row)),
        parent.value(),
        after,
        limit);
  }

  /**
   * Entries in the order S3 lists them, with their sort key at or above {@code from}.
   *
   * @param from a sort key: a name, or a directory's name and {@code '/'}
   */
  public List<WithObject> listBySortKey(InodeId parent, byte[] from, int limit) {
    return sql.list(
        "SELECT "
            + InodeRows.COLUMNS
            + ", "
            + COLUMNS
            + ", "
            + Objects.COLUMNS
            + " FROM entry e JOIN inode i ON i.id = e.inode LEFT JOIN object o ON o.inode = e.inode"
            + " WHERE e.parent = ? AND e.sort_key >= ? ORDER BY e.sort_key LIMIT ?",
        row -> new WithObject(mapFrom(row, 22), InodeRows.map(row), Objects.mapFrom(row, 27)),
        parent.value(),
        from,
        limit);
  }

  /**
   * Entries alone, in cookie order; inside a transaction these are complete, inode rows are not.
   */
  public List<Entry> list(InodeId parent, long after, int limit) {
    return sql.list(
        "SELECT "
            + COLUMNS
            + " FROM entry e WHERE e.parent = ? AND e.cookie > ? ORDER BY e.cookie LIMIT ?",
        Entries::map,
        parent.value(),
        after,
        limit);
  }

  public boolean isEmpty(InodeId parent) {
    return sql.find("SELECT 1 FROM entry WHERE parent = ? LIMIT 1", row -> 1, parent.value())
        .isEmpty();
  }

  void insert(Entry entry) {
    sql.update(
        "INSERT INTO entry (parent, name, sort_key, cookie, inode, type) VALUES (?,?,?,?,?,?)",
        entry.parent().value(),
        entry.name().toBytes(),
        sortKey(entry.name(), entry.type()),
        entry.cookie(),
        entry.inode().value(),
        entry.type().code());
  }

  void delete(InodeId parent, FileName name) {
    sql.update("DELETE FROM entry WHERE parent = ? AND name = ?", parent.value(), name.toBytes());
  }

  /** Where an entry sorts among its siblings in a listing of keys. */
  public static byte[] sortKey(FileName name, FileType type) {
    byte[] bytes = name.toBytes();
    if (type != FileType.DIRECTORY) {
      return bytes;
    }
    byte[] key = Arrays.copyOf(bytes, bytes.length + 1);
    key[bytes.length] = '/';
    return key;
  }

  private static Entry map(ResultSet row) throws SQLException {
    return mapFrom(row, 1);
  }

  private static Entry mapFrom(ResultSet row, int column) throws SQLException {
    return new Entry(
        new InodeId(row.getLong(column)),
        FileName.of(row.getBytes(column + 1)),
        new InodeId(row.getLong(column + 2)),
        FileType.ofCode(row.getInt(column + 3)),
        row.getLong(column + 4));
  }
}
