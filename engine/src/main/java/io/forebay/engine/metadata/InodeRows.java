package io.forebay.engine.metadata;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/** The inode table. */
final class InodeRows {
  static final String COLUMNS =
      "i.id, i.generation, i.type, i.mode, i.link_count, i.uid, i.gid, i.size, i.space_used,"
          + " i.change, i.data_version, i.access_ns, i.modify_ns, i.change_ns, i.birth_ns,"
          + " i.parent, i.implicit, i.verifier, i.target, i.device_major, i.device_minor";

  private static final String FIND = "SELECT " + COLUMNS + " FROM inode i WHERE i.id = ?";
  private static final String UPSERT =
      "INSERT INTO inode (id, generation, type, mode, link_count, uid, gid, size, space_used,"
          + " change, data_version, access_ns, modify_ns, change_ns, birth_ns, parent, implicit,"
          + " verifier, target, device_major, device_minor)"
          + " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
          + " ON CONFLICT (id) DO UPDATE SET mode = excluded.mode,"
          + " link_count = excluded.link_count, uid = excluded.uid, gid = excluded.gid,"
          + " size = excluded.size, space_used = excluded.space_used, change = excluded.change,"
          + " data_version = excluded.data_version, access_ns = excluded.access_ns,"
          + " modify_ns = excluded.modify_ns, change_ns = excluded.change_ns,"
          + " parent = excluded.parent, implicit = excluded.implicit,"
          + " verifier = excluded.verifier";

  private InodeRows() {}

  static Optional<Inode> find(Sql sql, InodeId id) {
    return sql.find(FIND, InodeRows::map, id.value());
  }

  static void put(Sql sql, Inode inode) {
    FileAttributes a = inode.attributes();
    sql.update(
        UPSERT,
        a.inode().value(),
        a.generation(),
        a.type().code(),
        a.mode(),
        a.linkCount(),
        Integer.toUnsignedLong(a.uid()),
        Integer.toUnsignedLong(a.gid()),
        a.size(),
        a.spaceUsed(),
        a.change(),
        a.dataVersion(),
        a.accessNanos(),
        a.modifyNanos(),
        a.changeNanos(),
        a.birthNanos(),
        inode.parent().map(InodeId::value).orElse(null),
        inode.implicit(),
        inode.verifier().isPresent() ? (Object) inode.verifier().getAsLong() : null,
        inode.target().orElse(null),
        a.deviceMajor(),
        a.deviceMinor());
  }

  static void delete(Sql sql, InodeId id) {
    sql.update("DELETE FROM inode WHERE id = ?", id.value());
  }

  /** Of a row that selected {@link #COLUMNS} first. */
  static Inode map(ResultSet row) throws SQLException {
    FileAttributes attributes =
        new FileAttributes(
            new InodeId(row.getLong(1)),
            row.getInt(2),
            FileType.ofCode(row.getInt(3)),
            row.getInt(4),
            row.getInt(5),
            (int) row.getLong(6),
            (int) row.getLong(7),
            row.getLong(8),
            row.getLong(9),
            row.getLong(10),
            row.getLong(11),
            row.getLong(12),
            row.getLong(13),
            row.getLong(14),
            row.getLong(15),
            row.getInt(20),
            row.getInt(21));
    long parent = row.getLong(16);
    Optional<InodeId> holder = row.wasNull() ? Optional.empty() : Optional.of(new InodeId(parent));
    boolean implicit = row.getInt(17) != 0;
    long verifier = row.getLong(18);
    OptionalLong created = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(verifier);
    return new Inode(attributes, holder, implicit, created, Optional.ofNullable(row.getBytes(19)));
  }
}
