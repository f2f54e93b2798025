package io.forebay.testkit;

import io.forebay.engine.Durability;
import io.forebay.engine.FileSystem;

/** A volume that a contract suite is run on. */
public interface FileSystemWorld extends AutoCloseable {
  /** The present process's view. */
  FileSystem fileSystem(Durability durability);

  /** The clock of the volume. */
  ManualClock clock();

  /** Stops in order, everything committed, and starts again. */
  void reopen();

  /** Stops in the middle of everything, and starts again. */
  void crash();

  @Override
  void close();
}
