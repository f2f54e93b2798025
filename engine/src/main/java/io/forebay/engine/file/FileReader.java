package io.forebay.engine.file;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Payload;
import io.forebay.engine.ReadResult;
import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.segment.SegmentPins;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads live files: finds where the bytes are, loading extents when they are not in memory, and
 * reads them while their segments are pinned. Thread-safe.
 */
final class FileReader {
  private static final Logger log = LoggerFactory.getLogger(FileReader.class);

  /** Extents in a window at the most: 12 KiB of memory. */
  private static final int WINDOW_EXTENTS = 512;

  /** Loads without progress, because of commits, after which one is made while nobody commits. */
  private static final int HASTY_LOADS = 8;

  private static final long PREFETCH_AT_ONCE = 64L << 20;

  private final MetadataStore store;
  private final SegmentReader reader;
  private final SegmentPins pins;

  FileReader(MetadataStore store, SegmentReader reader, SegmentPins pins) {
    this.store = store;
    this.reader = reader;
    this.pins = pins;
  }

  /** Reads what is there now, clamped at the size. */
  ReadResult read(LiveFile live, long offset, int length, Intent intent) {
    while (true) {
      LiveFile.Found found = found(live, loaded -> live.find(offset, length, loaded));
      try {
        Payload payload = read(found, intent);
        return new ReadResult(payload, offset + length >= found.size());
      } catch (EngineException e) {
        // A segment may go between a commit that drops its last use and the moment this process
        // hears of that commit; then there is something newer to read.
        if (!mayBeOutdated(e) || !hasMoved(live, found)) {
          throw e;
        }
      }
    }
  }

  private static boolean mayBeOutdated(EngineException e) {
    return e.code() == ErrorCode.CORRUPT || e.code() == ErrorCode.IO;
  }

  private static boolean hasMoved(LiveFile live, LiveFile.Found found) {
    live.turn().end(live.turn().take(), null);
    return !live.isAt(found.version());
  }

  /** Reads pinned content; [from, to) within its size. */
  Payload readPinned(LiveFile live, FilePin pin, long from, long to, Intent intent) {
    return read(found(live, loaded -> pin.find(live, from, to, loaded)), intent);
  }

  private Payload read(LiveFile.Found found, Intent intent) {
    try {
      store.requireOwner();
      return reader.read(found.pieces().list(), intent);
    } finally {
      pins.unpinAll(found.pieces().segments());
    }
  }

  /** Brings a range in, unless it is in too many pieces. */
  void prefetch(LiveFile live, Finder range) {
    try {
      LoadedWindows loaded = new LoadedWindows();
      LiveFile.Found found = range.find(loaded);
      for (int i = 0; found.missing() >= 0 && i < HASTY_LOADS; i++) {
        load(live, found.missing(), loaded);
        found = range.find(loaded);
      }
      if (found.missing() < 0) {
        try {
          reader.prefetch(found.pieces().slices());
        } finally {
          pins.unpinAll(found.pieces().segments());
        }
      }
    } catch (EngineException e) {
      // Whoever reads that range will be told; nobody has asked for it yet.
      log.debug("not read ahead in {}: {}", live.id(), e.toString());
    }
  }

  /**
   * Looks for data or a hole, at or after an offset.
   *
   * @return {@link DataSearch#NONE} without any
   */
  long seek(LiveFile live, long offset, boolean data) {
    LoadedWindows loaded = new LoadedWindows();
    long from = offset;
    int repeated = 0;
    while (repeated < HASTY_LOADS) {
      DataSearch.Outcome outcome = live.seek(from, data, loaded);
      if (outcome.known()) {
        return outcome.at();
      }
      // What was passed is not looked at again, nor remembered.
      repeated = outcome.at() > from ? 0 : repeated + 1;
      from = outcome.at();
      loaded = new LoadedWindows();
      load(live, from, loaded);
    }
    return seekCalmly(live, from, data);
  }

  /** Looks for data or a hole while nobody commits. */
  private long seekCalmly(LiveFile live, long offset, boolean data) {
    CommitTurn.Attempt attempt = live.turn().take();
    try {
      LoadedWindows loaded = new LoadedWindows();
      DataSearch.Outcome outcome = live.seek(offset, data, loaded);
      while (!outcome.known()) {
        loaded = new LoadedWindows();
        load(live, outcome.at(), loaded);
        outcome = live.seek(outcome.at(), data, loaded);
      }
      return outcome.at();
    } finally {
      live.turn().end(attempt, null);
    }
  }

  /** A prefetch is cut off here, in bytes. */
  static int prefetchLength(long wanted) {
    return (int) Math.min(wanted, PREFETCH_AT_ONCE);
  }

  /** Finds a range with what was loaded for it so far. */
  interface Finder {
    LiveFile.Found find(LoadedWindows loaded);
  }

  private LiveFile.Found found(LiveFile live, Finder finder) {
    LoadedWindows loaded = new LoadedWindows();
    LiveFile.Found found = finder.find(loaded);
    long last = -1;
    int repeated = 0;
    while (found.missing() >= 0) {
      repeated = found.missing() > last ? 0 : repeated + 1;
      last = found.missing();
      if (repeated == HASTY_LOADS) {
        return findCalmly(live, finder, loaded);
      }
      load(live, last, loaded);
      found = finder.find(loaded);
    }
    return found;
  }

  /** Finds a range while nobody commits. */
  private LiveFile.Found findCalmly(LiveFile live, Finder finder, LoadedWindows loaded) {
    CommitTurn.Attempt attempt = live.turn().take();
    try {
      LiveFile.Found found = finder.find(loaded);
      while (found.missing() >= 0) {
        load(live, found.missing(), loaded);
        found = finder.find(loaded);
      }
      return found;
    } finally {
      live.turn().end(attempt, null);
    }
  }

  private record Loaded(Optional<Inode> inode, List<Extent> extents) {}

  private void load(LiveFile live, long offset, LoadedWindows into) {
    long layout = live.layout();
    long next = live.nextWindow(offset);
    Loaded loaded =
        store.read(snapshot ->
            new Loaded(
                snapshot.inode(live.id()),
                snapshot.extents().overlapping(live.id(), offset, next, WINDOW_EXTENTS)));
    Inode inode =
        loaded
            .inode()
            .orElseThrow(() -> new EngineException(ErrorCode.STALE, live.id() + " is gone"));
    List<Extent> extents = loaded.extents();
    long end = extents.size() < WINDOW_EXTENTS ? next : extents.getLast().end();
    ExtentWindow window = new ExtentWindow(offset, end, extents);
    into.add(window, inode.attributes().dataVersion(), layout);
    live.offer(window, inode.attributes().dataVersion(), layout);
  }
}
