package io.forebay.engine.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Makes the names in a directory durable; concurrent callers share one force. Thread-safe. */
final class DirectoryForce {
  private final Path directory;
  private final SegmentFiles files;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long started;
  private long finished;
  private long failed;
  private @Nullable IOException failure;

  DirectoryForce(Path directory, SegmentFiles files) {
    this.directory = directory;
    this.files = files;
  }

  /** Returns after a force that began after the call. */
  void force() throws IOException {
    lock.lock();
    try {
      // One that runs already may have begun before the caller's file was there.
      long needed = started + 1;
      while (finished < needed) {
        if (started > finished) {
          changed.awaitUninterruptibly();
        } else {
          forceOnce();
        }
      }
      if (failed >= needed) {
        throw new IOException("cannot force " + directory, failure);
      }
    } finally {
      lock.unlock();
    }
  }

  private void forceOnce() {
    long mine = ++started;
    @Nullable IOException thrown = new IOException("the force of " + directory + " was broken off");
    lock.unlock();
    try {
      files.forceDirectory(directory);
      thrown = null;
    } catch (IOException e) {
      thrown = e;
    } finally {
      lock.lock();
      finished = mine;
      if (thrown != null) {
        failed = mine;
        failure = thrown;
      }
      changed.signalAll();
    }
  }
}
