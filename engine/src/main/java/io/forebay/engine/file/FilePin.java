package io.forebay.engine.file;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentPins;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file as it was at one moment. While nobody changes the file, that is its
 * uncommitted writes of then over what is committed. Who is about to commit a change hands every
 * pin the list of extents first, so that only files that are written while they are pinned cost
 * memory.
 */
final class FilePin {
  /**
   * The extents of then, all of them.
   *
   * @param windows one, over the whole file; not changed any more
   * @param segments pinned
   */
  private record Preserved(ExtentWindows windows, Set<SegmentId> segments) {}

  private final SegmentPins pins;
  private @Nullable FileAttributes attributes;
  private long version;
  private List<DirtyExtent> overlay = List.of();
  private volatile @Nullable Preserved preserved;
  private volatile boolean lost;

  FilePin(SegmentPins pins) {
    this.pins = pins;
  }

  /** Once, with the file's lock; takes the use of the runs over. */
  void begin(FileAttributes then, long contentVersion, List<DirtyExtent> uncommitted) {
    attributes = then;
    version = contentVersion;
    overlay = uncommitted;
  }

  FileAttributes attributes() {
    FileAttributes then = attributes;
    if (then == null) {
      throw new IllegalStateException("not pinned yet");
    }
    return then;
  }

  boolean isPreserved() {
    return preserved != null || lost;
  }

  /** The file is about to change: these are all its extents, live still. */
  void preserve(ExtentWindow whole, Set<SegmentId> segments) {
    ExtentWindows windows = new ExtentWindows(new AtomicLong(), Long.MAX_VALUE, 1);
    windows.add(whole);
    pins.pinAll(segments);
    preserved = new Preserved(windows, segments);
  }

  /** The file is about to change and has too many extents to remember. */
  void lose() {
    lost = true;
  }

  /** Finds [from, to), within the size, and pins the segments it is in. */
  LiveFile.Found find(LiveFile live, long from, long to, LoadedWindows loaded) {
    List<DirtyExtent> over =
        overlay.stream().filter(piece -> piece.offset() < to && from < piece.end()).toList();
    LiveFile.Found found = findPreserved(from, to, over);
    if (found == null) {
      found = live.findPinned(version, over, from, to, loaded);
    }
    if (found == null) {
      // The file has changed since we looked; who changed it preserved this pin first.
      found = findPreserved(from, to, over);
    }
    if (found != null) {
      return found;
    }
    throw lost
        ? new EngineException(
            ErrorCode.IO, live.id() + " was written while it was read, and has too many extents")
        : new EngineException(ErrorCode.INTERNAL, live.id() + " changed below a pin");
  }

  private LiveFile.@Nullable Found findPreserved(long from, long to, List<DirtyExtent> over) {
    Preserved own = preserved;
    if (own == null) {
      return null;
    }
    Pieces pieces = new Pieces();
    pieces.find(from, to, over, own.windows());
    pins.pinAll(pieces.segments());
    return new LiveFile.Found(to, -1, pieces, version);
  }

  /** Once, after the file has forgotten this pin. */
  void end() {
    overlay.forEach(piece -> piece.run().release());
    Preserved own = preserved;
    if (own != null) {
      pins.unpinAll(own.segments());
    }
  }
}
