package io.forebay.nfs.state;

import io.forebay.engine.OpenFile;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file of the engine, closed once: when the state that holds it has let go and the last
 * READ or WRITE under way has ended. Thread-safe.
 */
final class SharedFile {
  private final OpenFile file;

  /** One for the state that holds it, and one for each use. */
  private final AtomicInteger holders = new AtomicInteger(1);

  SharedFile(OpenFile file) {
    this.file = file;
  }

  OpenFile file() {
    return file;
  }

  /** Whether it could be taken: not when it is closed. */
  boolean acquire() {
    return holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) != 0;
  }

  /** May block: the last one closes. */
  void release() {
    if (holders.decrementAndGet() == 0) {
      file.close();
    }
  }
}
