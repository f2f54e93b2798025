package io.forebay.engine.cache;

import io.forebay.engine.segment.FileLease;
import java.nio.ByteBuffer;
import java.util.List;

/** A block just brought in, for those who waited for it. */
sealed interface LoadedBlock {
  /**
   * In a file of its own, from position 0.
   *
   * @param lease to be shared, then closed by the flight
   */
  record OnDisk(FileLease lease) implements LoadedBlock {}

  /** In memory, because no disk took it: its pages in order. */
  record InMemory(List<ByteBuffer> pages) implements LoadedBlock {}

  /** Somebody else brought it in meanwhile: look again. */
  record AlreadyHere() implements LoadedBlock {}
}
