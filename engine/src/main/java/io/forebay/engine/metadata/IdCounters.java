package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.util.HashMap;
import java.util.Map;

/**
 * Ids for operations on the writer thread, from ranges leased in the database. A range that was
 * leased by an operation or batch that is undone is forgotten with it: an id is never given out
 * unless the lease that covers it is part of the same or an earlier commit.
 */
final class IdCounters {
  static final String INODE = "inode";
  static final String SEGMENT = "segment";
  static final String COOKIE = "cookie";
  static final String VERSION = "version";

  private static final int RANGE = 4096;

  private record Range(long next, long end) {}

  private final Map<String, Range> ranges = new HashMap<>();

  private boolean leased;

  /** An operation begins. */
  void mark() {
    leased = false;
  }

  /** The operation that began last is undone. */
  void undo() {
    if (leased) {
      forget();
    }
  }

  /** Leases ids in the database; returns the first. */
  static long lease(Sql sql, String name, int count) {
    sql.update("UPDATE id_counter SET next = next + ? WHERE name = ?", count, name);
    long next =
        sql.find("SELECT next FROM id_counter WHERE name = ?", row -> row.getLong(1), name)
            .orElseThrow(
                () -> new EngineException(ErrorCode.CORRUPT, "no id counter is called " + name));
    return next - count;
  }

  /** Lets a counter go on from {@code first}, unless it is beyond that already. */
  static void raise(Sql sql, String name, long first) {
    sql.update("UPDATE id_counter SET next = ?1 WHERE name = ?2 AND next < ?1", first, name);
  }

  long next(Sql sql, String name) {
    Range range = ranges.get(name);
    if (range == null || range.next() == range.end()) {
      long first = lease(sql, name, RANGE);
      range = new Range(first, first + RANGE);
      leased = true;
    }
    ranges.put(name, new Range(range.next() + 1, range.end()));
    return range.next();
  }

  /** All leases were rolled back. */
  void forget() {
    ranges.clear();
  }
}
