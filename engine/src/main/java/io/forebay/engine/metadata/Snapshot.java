package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import java.util.List;
import java.util.Optional;

/** The metadata as one read transaction sees it. Used on the thread that runs the query only. */
public class Snapshot {
  private final Sql sql;
  private final Entries entries;
  private final Extents extents;
  private final Segments segments;
  private final Objects objects;
  private final Uploads uploads;
  private final Settings settings;
  private final Versions versions;
  private final Records records;
  private final AccessKeys accessKeys;
  private final ExtendedAttributes extendedAttributes;

  Snapshot(Sql sql) {
    this.sql = sql;
    this.entries = new Entries(sql);
    this.extents = new Extents(sql);
    this.segments = new Segments(sql);
    this.objects = new Objects(sql);
    this.uploads = new Uploads(sql);
    this.settings = new Settings(sql);
    this.versions = new Versions(sql);
    this.records = new Records(sql);
    this.accessKeys = new AccessKeys(sql);
    this.extendedAttributes = new ExtendedAttributes(sql);
  }

  final Sql sql() {
    return sql;
  }

  public Optional<Inode> inode(InodeId id) {
    return InodeRows.find(sql, id);
  }

  public final Entries entries() {
    return entries;
  }

  public final Extents extents() {
    return extents;
  }

  final Segments segments() {
    return segments;
  }

  public final Objects objects() {
    return objects;
  }

  public final Uploads uploads() {
    return uploads;
  }

  public final Settings settings() {
    return settings;
  }

  public final Versions versions() {
    return versions;
  }

  public final Records records() {
    return records;
  }

  public final AccessKeys accessKeys() {
    return accessKeys;
  }

  public final ExtendedAttributes extendedAttributes() {
    return extendedAttributes;
  }

  /** A row of the work table. */
  public record Work(long id, WorkKind kind, long subject) {}

  /** Work with ids above {@code after}, oldest first. */
  public final List<Work> work(long after, int limit) {
    return sql.list(
        "SELECT id, kind, subject FROM work WHERE id > ? ORDER BY id LIMIT ?",
        row -> new Work(row.getLong(1), WorkKind.ofCode(row.getInt(2)), row.getLong(3)),
        after,
        limit);
  }

  /** Inodes without a name that were held when they lost it, above {@code after}. */
  public final List<InodeId> orphans(long after, int limit) {
    return sql.list(
        "SELECT inode FROM orphan WHERE inode > ? ORDER BY inode LIMIT ?",
        row -> new InodeId(row.getLong(1)),
        after,
        limit);
  }
}
