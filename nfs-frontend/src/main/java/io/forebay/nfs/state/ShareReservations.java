package io.forebay.nfs.state;

import io.forebay.ambient.Invariant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The share reservations of one file. An owner's opens add up to the union of their modes; which
 * modes it opened with is remembered, as a downgrade may only go back to a union of some of them
 * (RFC 8881 section 18.18.3). Not thread-safe; guarded by the file's lock.
 *
 * @param <O> who holds opens; compared by {@code equals}
 */
final class ShareReservations<O> {
  private final Map<O, Set<ShareMode>> opened = new HashMap<>();

  boolean isEmpty() {
    return opened.isEmpty();
  }

  /** The other owners in the way of this mode (RFC 8881 section 9.7). */
  List<O> conflicts(O owner, ShareMode mode) {
    List<O> found = new ArrayList<>();
    opened.forEach((holder, modes) -> {
      if (!holder.equals(owner) && modes.stream().anyMatch(mode::conflictsWith)) {
        found.add(holder);
      }
    });
    return found;
  }

  /** Whether somebody denies reading or writing to everybody else (section 9.1.2). */
  List<O> deniers(int access) {
    List<O> found = new ArrayList<>();
    opened.forEach((holder, modes) -> {
      if (modes.stream().anyMatch(mode -> (mode.deny() & access) != 0)) {
        found.add(holder);
      }
    });
    return found;
  }

  /** Adds an open that {@link #conflicts} found free. */
  void add(O owner, ShareMode mode) {
    Invariant.check(conflicts(owner, mode).isEmpty(), "a share is granted only where it is free");
    opened.computeIfAbsent(owner, unused -> new LinkedHashSet<>()).add(mode);
  }

  /** The union of an owner's opens; empty when it has none. */
  Optional<ShareMode> held(O owner) {
    return opened.getOrDefault(owner, Set.of()).stream().reduce(ShareMode::union);
  }

  /**
   * Gives up what goes beyond {@code mode}.
   *
   * @return false, and nothing changed, where the mode is not the union of some of the opens
   */
  boolean downgrade(O owner, ShareMode mode) {
    Set<ShareMode> kept = new LinkedHashSet<>(opened.getOrDefault(owner, Set.of()));
    kept.removeIf(each -> !mode.covers(each));
    if (!kept.stream().reduce(ShareMode::union).equals(Optional.of(mode))) {
      return false;
    }
    opened.put(owner, kept);
    return true;
  }

  void remove(O owner) {
    opened.remove(owner);
  }
}
