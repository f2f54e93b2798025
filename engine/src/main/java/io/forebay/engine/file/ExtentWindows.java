package io.forebay.engine.file;

import io.forebay.engine.metadata.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The committed extents of one file, as far as they are in memory. Not thread-safe: the file's lock
 * guards it.
 */
final class ExtentWindows implements Pieces.Known {
  /** Windows of a file at the most. */
  static final int MAX_WINDOWS = 64;

  /** A window that commits have made larger than this is dropped. */
  private static final int MAX_EXTENTS_IN_WINDOW = 4096;

  private final NavigableMap<Long, ExtentWindow> windows = new TreeMap<>();
  private final AtomicLong cachedExtents;
  private final long maxCachedExtents;
  private final int maxWindows;
  private long layout;

  /**
   * @param cachedExtents count over all files
   * @param maxCachedExtents above it, a file keeps only its newest window
   * @param maxWindows of this file
   */
  ExtentWindows(AtomicLong cachedExtents, long maxCachedExtents, int maxWindows) {
    this.cachedExtents = cachedExtents;
    this.maxCachedExtents = maxCachedExtents;
    this.maxWindows = maxWindows;
  }

  /** The window around an offset, or null when that is not in memory. */
  @Override
  public @Nullable ExtentWindow at(long offset) {
    Map.Entry<Long, ExtentWindow> entry = windows.floorEntry(offset);
    return entry != null && offset < entry.getValue().to() ? entry.getValue() : null;
  }

  /** Extents in memory. */
  int count() {
    return windows.values().stream().mapToInt(ExtentWindow::count).sum();
  }

  /** Where the next window after an unknown offset begins; {@link Long#MAX_VALUE} without one. */
  long nextFrom(long offset) {
    Map.Entry<Long, ExtentWindow> entry = windows.higherEntry(offset);
    return entry == null ? Long.MAX_VALUE : entry.getKey();
  }

  /** Adds what was loaded; what is there already stays. */
  void add(ExtentWindow loaded) {
    if (at(loaded.from()) != null) {
      return;
    }
    if (windows.size() >= maxWindows || cachedExtents.get() > maxCachedExtents) {
      clear();
    }
    long next = nextFrom(loaded.from());
    put(next < loaded.to() ? loaded.upTo(next) : loaded);
  }

  private void put(ExtentWindow window) {
    ExtentWindow before = windows.put(window.from(), window);
    cachedExtents.addAndGet((long) window.count() - (before == null ? 0 : before.count()));
  }

  void truncate(long size) {
    for (ExtentWindow window : List.copyOf(windows.values())) {
      if (window.to() > size) {
        put(window.truncated(size));
      }
    }
  }

  /**
   * Follows a commit.
   *
   * @param extents in file order, not overlapping
   */
  void commit(List<Extent> extents) {
    if (extents.isEmpty()) {
      return;
    }
    long start = extents.getFirst().fileOffset();
    long end = extents.getLast().end();
    for (ExtentWindow window : new ArrayList<>(windows.values())) {
      if (window.from() < end && start < window.to()) {
        ExtentWindow after = window.with(extents);
        if (after.count() > MAX_EXTENTS_IN_WINDOW) {
          windows.remove(window.from());
          cachedExtents.addAndGet(-window.count());
        } else {
          put(after);
        }
      }
    }
  }

  /** Bytes are elsewhere now: forgets all, and what is loaded already is not to be added. */
  long moved() {
    clear();
    return ++layout;
  }

  /** How often that has happened. */
  long layout() {
    return layout;
  }

  void clear() {
    windows.values().forEach(window -> cachedExtents.addAndGet(-window.count()));
    windows.clear();
  }
}
