package io.forebay.nfs.state;

import io.forebay.engine.OpenFile;

/** A file kept open for one operation, whatever happens to its stateid meanwhile. */
public final class FileUse implements AutoCloseable {
  private final SharedFile shared;

  /** Takes one hold of the file over. */
  FileUse(SharedFile shared) {
    this.shared = shared;
  }

  public OpenFile file() {
    return shared.file();
  }

  /** Once. */
  @Override
  public void close() {
    shared.release();
  }
}
