package io.forebay.engine.file;

import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.segment.AppendStream;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A regular file that somebody has open, or that has uncommitted writes: the inode as committed,
 * its extents as far as they are in memory, and what is written over them. The lock guards it all
 * and is held over memory accesses only. What a commit changes, it changes here in one step, on the
 * metadata's writer thread, before anybody is answered.
 */
final class LiveFile {
  /** What a commit under way will make of this file. */
  private record Pending(
      CommitSnapshot snapshot,
      List<Extent> extents,
      OptionalLong size,
      boolean rewritten,
      long version) {}

  /**
   * Where a range is.
   *
   * @param size of the file
   * @param missing an offset whose extents have to be loaded first, else -1
   * @param pieces their segments are pinned, when nothing is missing
   * @param version of the committed content below
   */
  record Found(long size, long missing, Pieces pieces, long version) {}

  private final InodeId id;
  private final SegmentPins pins;
  private final CommitTurn turn = new CommitTurn();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private final ExtentWindows windows;
  private final DirtyExtents dirty;
  private final ShownAttributes shown;
  private final Set<FilePin> filePins = new HashSet<>();
  private @Nullable Inode base;
  private @Nullable Pending pending;
  private boolean contentChanging;
  private boolean gone;
  private Durability level = Durability.LOCAL;
  private @Nullable AppendStream stream;
  private long sequence;
  private long dirtySinceNanos;

  /** Whether this use of the file has begun a version, which its commits go on with. */
  volatile boolean versionBegun;

  /** Of the registry alone: guarded by the registry's entry of this file. */
  int users;

  LiveFile(InodeId id, SegmentPins pins, ExtentWindows windows, DirtyTotals totals) {
    this.id = id;
    this.pins = pins;
    this.windows = windows;
    this.dirty = new DirtyExtents(totals);
    this.shown = new ShownAttributes(dirty);
  }

  InodeId id() {
    return id;
  }

  CommitTurn turn() {
    return turn;
  }

  private <T extends @Nullable Object> T locked(Supplier<T> access) {
    lock.lock();
    try {
      return access.get();
    } finally {
      lock.unlock();
    }
  }

  private void guarded(Runnable access) {
    lock.lock();
    try {
      access.run();
    } finally {
      lock.unlock();
    }
  }

  // --- the committed inode

  boolean isLoaded() {
    return locked(() -> base != null);
  }

  /** Sets what is committed, unless a commit has already. */
  void load(Inode inode) {
    guarded(() -> {
      if (base == null) {
        base = inode;
        if (inode.attributes().spaceUsed() == 0) {
          windows.add(new ExtentWindow(0, Long.MAX_VALUE, List.of()));
        }
      }
    });
  }

  private Inode base() {
    Inode inode = base;
    if (inode == null || gone) {
      throw new EngineException(ErrorCode.STALE, id + " is gone");
    }
    return inode;
  }

  /** As readers see the file; null before it is loaded. */
  @Nullable FileAttributes visibleOrNull() {
    return locked(() -> base == null || gone ? null : shown.of(base.attributes()));
  }

  /** As readers see the file. */
  FileAttributes visible() {
    return locked(() -> shown.of(base().attributes()));
  }

  /** As readers see it, in bytes. */
  long size() {
    return locked(() -> shown.size(base().attributes()));
  }

  // --- writing

  /** The file's way into staging: one, so that what is written in order lies in order. */
  AppendStream stream(SegmentWriter writer) {
    return locked(() -> {
      AppendStream present = stream;
      if (present == null) {
        present = writer.open(-1);
        stream = present;
      }
      return present;
    });
  }

  /** What is written here is to be committed at this level at least, as long as it is live. */
  void requireLevel(Durability wanted) {
    locked(() -> level = stronger(level, wanted));
  }

  /** The level of a commit that is asked for at {@code wanted}. */
  Durability level(Durability wanted) {
    return locked(() -> stronger(level, wanted));
  }

  private static Durability stronger(Durability a, Durability b) {
    return a == Durability.BUCKET ? a : b;
  }

  /**
   * Makes appended runs visible; takes their pins over.
   *
   * @return the attributes after
   */
  FileAttributes write(List<SegmentRun> runs, long nowNanos, long monotonicNanos) {
    lock.lock();
    try {
      if (gone || base == null) {
        runs.forEach(run -> pins.unpin(run.slice().segment()));
        throw new EngineException(ErrorCode.STALE, id + " is gone");
      }
      if (dirty.isEmpty()) {
        dirtySinceNanos = monotonicNanos;
      }
      sequence++;
      for (SegmentRun run : runs) {
        dirty.put(
            new DirtyExtent(
                run.fileOffset(), run.slice().length(), 0, new DirtyRun(run, pins), sequence));
      }
      shown.written(base.attributes(), nowNanos);
      return shown.of(base.attributes());
    } finally {
      lock.unlock();
    }
  }

  /** The bytes of an uncommitted piece are in other runs now too; takes their pins over. */
  void replace(DirtyExtent piece, List<SegmentRun> runs) {
    lock.lock();
    try {
      for (SegmentRun run : runs) {
        DirtyRun copy = new DirtyRun(run, pins);
        long start = run.fileOffset();
        long end = start + run.slice().length();
        for (DirtyExtent old : dirty.overlapping(start, end)) {
          if (old.run().equals(piece.run())) {
            copy.share();
            long from = Math.max(start, old.offset());
            int length = (int) (Math.min(end, old.end()) - from);
            dirty.put(new DirtyExtent(from, length, (int) (from - start), copy, old.sequence()));
          }
        }
        copy.release();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The last write's; what a commit has to cover. */
  long sequence() {
    return locked(() -> sequence);
  }

  /** When the oldest uncommitted write was made, or earlier; monotonic. */
  long dirtySinceNanos() {
    return locked(() -> dirtySinceNanos);
  }

  boolean isDirty() {
    return locked(() -> !dirty.isEmpty());
  }

  /** Whether one more write of {@code bytes} would exceed the file's bounds. */
  boolean isFull(int bytes, FileLimits limits) {
    return locked(() ->
        !dirty.isEmpty()
            && (dirty.count() >= limits.dirtyExtentsPerFile()
                || dirty.bytes() + bytes > limits.dirtyBytesPerFile()));
  }

  /** Whether the oldest uncommitted write is older; or a change that was shown is to be kept. */
  boolean isDue(long monotonicNanos, long ageNanos) {
    return locked(
        () -> dirty.isEmpty() ? isChangeOwed() : monotonicNanos - dirtySinceNanos >= ageNanos);
  }

  /** Whether readers were shown a change that is above the committed one. */
  boolean owesChange() {
    return locked(this::isChangeOwed);
  }

  private boolean isChangeOwed() {
    return base != null && !gone && shown.change() > base.attributes().change();
  }

  /** Whether nothing is lost when this is forgotten. */
  boolean isIdle() {
    return locked(() -> dirty.isEmpty() && !isChangeOwed() && filePins.isEmpty());
  }

  // --- committing: by the one who has the turn

  CommitSnapshot snapshot(long monotonicNanos) {
    return locked(() ->
        new CommitSnapshot(
            dirty.share(),
            sequence,
            shown.dataVersion(),
            shown.change(),
            shown.writtenNanos(),
            monotonicNanos));
  }

  /** A change above all that readers were shown, for an inode whose own is {@code committed}. */
  long nextChange(long committed, long nowNanos) {
    return locked(() -> shown.next(committed, nowNanos));
  }

  /**
   * Says what the present transaction will make of the content, should it commit: it is known by
   * its version, which no other content has. Last in the transaction.
   */
  void expect(
      CommitSnapshot snapshot,
      List<Extent> extents,
      OptionalLong size,
      boolean rewritten,
      long version) {
    guarded(() -> {
      pending = new Pending(snapshot, extents, size, rewritten, version);
    });
  }

  /** The transaction has ended, one way or the other. */
  void endChange() {
    guarded(() -> {
      pending = null;
      contentChanging = false;
      settled.signalAll();
    });
  }

  /** What a commit made of the inode; on the writer thread. */
  void committed(Optional<Inode> inode) {
    lock.lock();
    try {
      if (inode.isEmpty()) {
        drop();
        return;
      }
      Inode before = base;
      FileAttributes wasShown = before == null || gone ? null : shown.of(before.attributes());
      base = inode.get();
      Pending change = pending;
      if (change != null && change.version() == base.attributes().dataVersion()) {
        apply(change);
      }
      if (wasShown != null) {
        shown.committed(wasShown, base.attributes());
      }
    } finally {
      lock.unlock();
    }
  }

  private void apply(Pending change) {
    if (change.rewritten()) {
      windows.clear();
    } else {
      change.size().ifPresent(windows::truncate);
      windows.commit(change.extents());
    }
    dirty.dropUpTo(change.snapshot().upTo());
    dirtySinceNanos = change.snapshot().takenNanos();
    pending = null;
    if (change.size().isPresent() || change.rewritten()) {
      shown.contentChanged(base().attributes());
    }
  }

  /** Committed bytes are elsewhere now; on the writer thread, while both places are pinned. */
  void moved() {
    locked(windows::moved);
  }

  /** Differs before and after such a move; to be taken before extents are loaded. */
  long layout() {
    return locked(windows::layout);
  }

  /** The inode is discarded: nobody will read or commit what is left. */
  void drop() {
    guarded(() -> {
      gone = true;
      dirty.dropUpTo(Long.MAX_VALUE);
      windows.clear();
      settled.signalAll();
    });
  }

  /** Nobody uses the file for now: its next user begins anew, but for what is in memory. */
  void rest() {
    guarded(() -> {
      level = Durability.LOCAL;
      AppendStream open = stream;
      if (open != null) {
        open.close();
        stream = null;
      }
    });
  }

  /** Gives the memory of the extents back; the last thing that happens to this object. */
  void retire() {
    guarded(() -> {
      windows.clear();
    });
  }

  // --- reading

  /** Finds a range, clamped at the size, and pins the segments it is in. */
  Found find(long offset, int length, LoadedWindows loaded) {
    return locked(() -> {
      FileAttributes committed = base().attributes();
      long size = shown.size(committed);
      long end = Math.min(size, offset + length);
      Pieces pieces = new Pieces();
      long missing =
          offset >= end
              ? -1
              : pieces.find(offset, end, dirty.overlapping(offset, end), known(loaded));
      if (missing < 0) {
        pins.pinAll(pieces.segments());
      }
      return new Found(size, missing, pieces, committed.dataVersion());
    });
  }

  /** Seeks in what readers see. */
  DataSearch.Outcome seek(long offset, boolean data, LoadedWindows loaded) {
    return locked(() -> {
      DataSearch search = new DataSearch(dirty, known(loaded), shown.size(base().attributes()));
      return search.seek(offset, data);
    });
  }

  /** As {@link #find}, in content that was pinned; null when it was preserved meanwhile. */
  @Nullable Found findPinned(
      long version, List<DirtyExtent> overlay, long from, long to, LoadedWindows loaded) {
    lock.lock();
    try {
      if (base().attributes().dataVersion() != version) {
        return null;
      }
      Pieces pieces = new Pieces();
      long missing = pieces.find(from, to, overlay, known(loaded));
      if (missing < 0) {
        pins.pinAll(pieces.segments());
      }
      return new Found(to, missing, pieces, version);
    } finally {
      lock.unlock();
    }
  }

  private Pieces.Known known(LoadedWindows loaded) {
    long version = base().attributes().dataVersion();
    return offset -> {
      ExtentWindow kept = windows.at(offset);
      return kept != null ? kept : loaded.at(offset, version, windows.layout());
    };
  }

  /** Extents of this file in memory. */
  int cachedExtents() {
    return locked(windows::count);
  }

  /** Where the window after an unknown offset begins. */
  long nextWindow(long offset) {
    return locked(() -> windows.nextFrom(offset));
  }

  /** Keeps what was loaded, when it is of the content that is committed. */
  void offer(ExtentWindow window, long version, long ofLayout) {
    guarded(() -> {
      if (!gone && base().attributes().dataVersion() == version && windows.layout() == ofLayout) {
        windows.add(window);
      }
    });
  }

  /** Whether the committed content is still this. */
  boolean isAt(long version) {
    return locked(() -> !gone && base().attributes().dataVersion() == version);
  }

  // --- pins

  /** Pins the content as it is; waits while a transaction is changing it. */
  void pin(FilePin pin) {
    lock.lock();
    try {
      while (contentChanging) {
        settled.awaitUninterruptibly();
      }
      pin.begin(shown.of(base().attributes()), base().attributes().dataVersion(), dirty.share());
      filePins.add(pin);
    } finally {
      lock.unlock();
    }
  }

  void unpin(FilePin pin) {
    locked(() -> filePins.remove(pin));
  }

  /** From here to {@link #endChange} nobody pins; who has is to be preserved first. */
  Set<FilePin> beginChange() {
    return locked(() -> {
      contentChanging = true;
      Set<FilePin> present = new HashSet<>();
      for (FilePin pin : filePins) {
        if (!pin.isPreserved()) {
          present.add(pin);
        }
      }
      return present;
    });
  }
}
