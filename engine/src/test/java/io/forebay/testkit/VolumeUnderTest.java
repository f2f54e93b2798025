package io.forebay.testkit;

import io.forebay.engine.Durability;
import io.forebay.engine.FileSystem;
import io.forebay.engine.ObjectView;

/** A volume that a contract suite runs on: both faces of one tree, which outlives the process. */
public interface VolumeUnderTest extends AutoCloseable {
  ObjectView objects(Durability durability);

  FileSystem fileSystem(Durability durability);

  /** Stops as a crash would and starts again; views got before are of no use any more. */
  void reopen();

  /** As {@link #reopen}, on a machine that lost what was not in the backing bucket. */
  void loseStaging();

  @Override
  void close();
}
