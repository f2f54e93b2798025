package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;

/**
 * In which directories the names of a file are that has several: for these files only. A file is
 * counted in its home ({@link Inode#parent}), a directory that has one of its names; when that name
 * goes, this finds another. As one connection sees it.
 */
final class HardLinks {
  private final Sql sql;

  HardLinks(Sql sql) {
    this.sql = sql;
  }

  void add(InodeId file, InodeId directory) {
    sql.update(
        "INSERT INTO hard_link (inode, parent, names) VALUES (?,?,1)"
            + " ON CONFLICT (inode, parent) DO UPDATE SET names = names + 1",
        file.value(),
        directory.value());
  }

  void drop(InodeId file, InodeId directory) {
    sql.update(
        "UPDATE hard_link SET names = names - 1 WHERE inode = ? AND parent = ?",
        file.value(),
        directory.value());
    sql.update("DELETE FROM hard_link WHERE inode = ? AND names = 0", file.value());
  }

  /** The file's home when it has a name there, else a directory where it has one. */
  InodeId home(InodeId file, InodeId present) {
    return sql.find(
            "SELECT parent FROM hard_link WHERE inode = ? ORDER BY parent <> ?, parent LIMIT 1",
            row -> new InodeId(row.getLong(1)),
            file.value(),
            present.value())
        .orElseThrow(
            () -> new EngineException(ErrorCode.CORRUPT, file + " has names nobody knows of"));
  }

  /** The file has one name again. */
  void forget(InodeId file) {
    sql.update("DELETE FROM hard_link WHERE inode = ?", file.value());
  }
}
