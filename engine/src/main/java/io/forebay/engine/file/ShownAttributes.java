package io.forebay.engine.file;

import io.forebay.engine.FileAttributes;

/**
 * What readers are shown of a file with uncommitted writes: the committed attributes, and what the
 * writes make of them. Whatever they see differently has a change counter of its own; it never
 * falls as long as the file is live. Not thread-safe: the file's lock guards it.
 */
final class ShownAttributes {
  private final DirtyExtents dirty;
  private long change;
  private long dataVersion;
  private long writtenNanos;

  ShownAttributes(DirtyExtents dirty) {
    this.dirty = dirty;
  }

  /** The last change that readers were shown, unless the committed one is above it. */
  long change() {
    return change;
  }

  /** The change that the last write was shown with. */
  long dataVersion() {
    return dataVersion;
  }

  /** When the last write was made. */
  long writtenNanos() {
    return writtenNanos;
  }

  /** A write was added to the uncommitted ones. */
  void written(FileAttributes committed, long nowNanos) {
    change = next(committed.change(), nowNanos);
    dataVersion = change;
    writtenNanos = nowNanos;
  }

  /** A change above all that readers were shown. */
  long next(long committed, long nowNanos) {
    return Math.max(Math.max(committed, change) + 1, nowNanos);
  }

  /** The content below the uncommitted writes changed. */
  void contentChanged(FileAttributes committed) {
    if (!dirty.isEmpty()) {
      change = Math.max(change, committed.change()) + 1;
      dataVersion = change;
    }
  }

  /** A commit changed the committed attributes. */
  void committed(FileAttributes shownBefore, FileAttributes committed) {
    FileAttributes after = of(committed);
    if (after.change() <= shownBefore.change() && !isSame(shownBefore, after)) {
      change = shownBefore.change() + 1;
    }
  }

  private static boolean isSame(FileAttributes a, FileAttributes b) {
    return a.mode() == b.mode()
        && a.linkCount() == b.linkCount()
        && a.uid() == b.uid()
        && a.gid() == b.gid()
        && a.size() == b.size()
        && a.dataVersion() == b.dataVersion()
        && a.accessNanos() == b.accessNanos()
        && a.modifyNanos() == b.modifyNanos()
        && a.changeNanos() == b.changeNanos();
  }

  long size(FileAttributes committed) {
    return Math.max(committed.size(), dirty.end());
  }

  FileAttributes of(FileAttributes committed) {
    boolean isDirty = !dirty.isEmpty();
    if (!isDirty && change <= committed.change()) {
      return committed;
    }
    long size = size(committed);
    // How much lies over holes is not known without looking; a good guess is enough.
    long space =
        Math.max(committed.spaceUsed(), Math.min(size, committed.spaceUsed() + dirty.bytes()));
    return new FileAttributes(
        committed.inode(),
        committed.generation(),
        committed.type(),
        committed.mode(),
        committed.linkCount(),
        committed.uid(),
        committed.gid(),
        size,
        space,
        Math.max(committed.change(), change),
        isDirty ? dataVersion : committed.dataVersion(),
        committed.accessNanos(),
        isDirty ? writtenNanos : committed.modifyNanos(),
        isDirty ? Math.max(writtenNanos, committed.changeNanos()) : committed.changeNanos(),
        committed.birthNanos(),
        committed.deviceMajor(),
        committed.deviceMinor());
  }
}
