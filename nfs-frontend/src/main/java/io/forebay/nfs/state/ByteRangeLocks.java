package io.forebay.nfs.state;

import io.forebay.ambient.Invariant;
import io.forebay.nfs.op.NfsOp.LockType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The byte-range locks of one file: for each owner, disjoint ranges of reading and writing locks.
 * An owner's locks never conflict with each other: a new one replaces what it covers, splitting
 * what it covers in part, as POSIX has it (RFC 8881 section 9.5 calls that upgrade and downgrade).
 * Adjacent ranges of one kind are one range. Not thread-safe; guarded by the file's lock.
 *
 * @param <O> who owns locks; compared by {@code equals}
 */
final class ByteRangeLocks<O> {
  private final Map<O, NavigableMap<Long, Held>> owners = new HashMap<>();
  private int size;

  private record Held(LockRange range, LockType type) {}

  /** A lock in somebody's way. */
  record Conflict<O>(O owner, LockRange range, LockType type) {}

  /** Ranges held, of all owners. */
  int size() {
    return size;
  }

  /** Ranges one owner holds. */
  int size(O owner) {
    NavigableMap<Long, Held> held = owners.get(owner);
    return held == null ? 0 : held.size();
  }

  /** A lock of somebody else that would be in the way of this one. Costs O(owners). */
  Optional<Conflict<O>> test(O owner, LockRange range, LockType type) {
    for (Map.Entry<O, NavigableMap<Long, Held>> entry : owners.entrySet()) {
      if (!entry.getKey().equals(owner)) {
        for (Held held : overlapping(entry.getValue(), range)) {
          if (type == LockType.WRITE || held.type() == LockType.WRITE) {
            return Optional.of(new Conflict<>(entry.getKey(), held.range(), held.type()));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Takes a lock that {@link #test} found free. */
  void lock(O owner, LockRange range, LockType type) {
    Invariant.check(test(owner, range, type).isEmpty(), "a lock is granted only where it is free");
    NavigableMap<Long, Held> held =
        owners.computeIfAbsent(owner, unused -> new TreeMap<>(Long::compareUnsigned));
    int before = held.size();
    carve(held, range);
    long first = range.first();
    long last = range.last();
    Map.Entry<Long, Held> below = held.lowerEntry(first);
    if (below != null && below.getValue().type() == type && endsAt(below.getValue(), first)) {
      first = below.getKey();
      held.remove(first);
    }
    if (last != -1L) {
      Held above = held.get(last + 1);
      if (above != null && above.type() == type) {
        held.remove(last + 1);
        last = above.range().last();
      }
    }
    held.put(first, new Held(new LockRange(first, last), type));
    size += held.size() - before;
  }

  /** Gives up what the owner holds in the range; nothing happens where it holds nothing. */
  void unlock(O owner, LockRange range) {
    NavigableMap<Long, Held> held = owners.get(owner);
    if (held == null) {
      return;
    }
    int before = held.size();
    carve(held, range);
    size += held.size() - before;
    if (held.isEmpty()) {
      owners.remove(owner);
    }
  }

  /** Whether the range lies strictly inside one lock, so that unlocking it makes two of one. */
  boolean splits(O owner, LockRange range) {
    NavigableMap<Long, Held> held = owners.get(owner);
    if (held == null) {
      return false;
    }
    Map.Entry<Long, Held> below = held.lowerEntry(range.first());
    return below != null && Long.compareUnsigned(below.getValue().range().last(), range.last()) > 0;
  }

  /** Gives up everything the owner holds. */
  void release(O owner) {
    NavigableMap<Long, Held> held = owners.remove(owner);
    if (held != null) {
      size -= held.size();
    }
  }

  private static boolean endsAt(Held held, long next) {
    return held.range().last() + 1 == next;
  }

  /** Makes the range free, keeping what sticks out on both sides. */
  private static void carve(NavigableMap<Long, Held> held, LockRange range) {
    for (Held old : overlapping(held, range)) {
      held.remove(old.range().first());
      if (Long.compareUnsigned(old.range().first(), range.first()) < 0) {
        put(held, old.range().first(), range.first() - 1, old.type());
      }
      if (Long.compareUnsigned(old.range().last(), range.last()) > 0) {
        put(held, range.last() + 1, old.range().last(), old.type());
      }
    }
  }

  private static void put(NavigableMap<Long, Held> held, long first, long last, LockType type) {
    held.put(first, new Held(new LockRange(first, last), type));
  }

  private static List<Held> overlapping(NavigableMap<Long, Held> held, LockRange range) {
    List<Held> found = new ArrayList<>();
    Map.Entry<Long, Held> below = held.lowerEntry(range.first());
    if (below != null && below.getValue().range().overlaps(range)) {
      found.add(below.getValue());
    }
    found.addAll(held.subMap(range.first(), true, range.last(), true).values());
    return found;
  }
}
