package io.forebay.engine.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A segment's file, opened when it is needed. Thread-safe; no lock is held over a disk access. */
final class LazyFile {
  private final Path path;
  private final SegmentFiles files;
  private final ReentrantLock lock = new ReentrantLock();
  private SegmentFiles.@Nullable StoredFile open;

  LazyFile(Path path, SegmentFiles files) {
    this.path = path;
    this.files = files;
  }

  /** Creates the file of a new segment. */
  void create() throws IOException {
    put(files.create(path));
  }

  /** The file, opened when it is not. */
  SegmentFiles.StoredFile stored() throws IOException {
    SegmentFiles.StoredFile present = present();
    return present != null ? present : put(files.open(path));
  }

  private SegmentFiles.@Nullable StoredFile present() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps one of two that were opened at once. */
  private SegmentFiles.StoredFile put(SegmentFiles.StoredFile opened) throws IOException {
    SegmentFiles.StoredFile kept;
    lock.lock();
    try {
      kept = open == null ? opened : open;
      open = kept;
    } finally {
      lock.unlock();
    }
    if (!kept.equals(opened)) {
      opened.close();
    }
    return kept;
  }

  /** {@link #stored} opens it again. Only when nothing is under way on it. */
  void close() throws IOException {
    swap(null);
  }

  /** Goes on with another file of the same path; what is under way on the old one may fail. */
  void replace(SegmentFiles.StoredFile fresh) throws IOException {
    swap(fresh);
  }

  private void swap(SegmentFiles.@Nullable StoredFile next) throws IOException {
    SegmentFiles.StoredFile present;
    lock.lock();
    try {
      present = open;
      open = next;
    } finally {
      lock.unlock();
    }
    if (present != null) {
      present.close();
    }
  }
}
