package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import io.forebay.engine.Quota;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The quotas of directories, all in memory: there are few of them, and every change asks. What is
 * here is what is committed. Thread-safe.
 */
final class Quotas {
  /** Quotas of one volume at the most. */
  static final int MAX = 100_000;

  private final Map<InodeId, Quota> committed = new ConcurrentHashMap<>();

  Quotas(Sql sql) {
    sql.list(
            "SELECT inode, max_bytes, max_files FROM quota LIMIT ?",
            row ->
                Map.entry(
                    new InodeId(row.getLong(1)),
                    new Quota(limit(row.getObject(2)), limit(row.getObject(3)))),
            MAX)
        .forEach(each -> committed.put(each.getKey(), each.getValue()));
  }

  private static long limit(@Nullable Object column) {
    return column instanceof Number number ? number.longValue() : Quota.UNLIMITED;
  }

  private static @Nullable Object column(long limit) {
    return limit == Quota.UNLIMITED ? null : (Object) limit;
  }

  boolean isEmpty() {
    return committed.isEmpty();
  }

  int size() {
    return committed.size();
  }

  Optional<Quota> of(InodeId directory) {
    return Optional.ofNullable(committed.get(directory));
  }

  /** All, copied. */
  Map<InodeId, Quota> all() {
    return Map.copyOf(committed);
  }

  static void put(Sql sql, InodeId directory, Quota quota) {
    sql.update(
        "INSERT INTO quota (inode, max_bytes, max_files) VALUES (?,?,?) ON CONFLICT (inode)"
            + " DO UPDATE SET max_bytes = excluded.max_bytes, max_files = excluded.max_files",
        directory.value(),
        column(quota.maxBytes()),
        column(quota.maxFiles()));
  }

  static void delete(Sql sql, InodeId directory) {
    sql.update("DELETE FROM quota WHERE inode = ?", directory.value());
  }

  void publish(InodeId directory, Optional<Quota> quota) {
    quota.ifPresentOrElse(
        there -> committed.put(directory, there), () -> committed.remove(directory));
  }
}
