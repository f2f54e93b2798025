package io.forebay.engine.segment;

import java.nio.ByteBuffer;

/** Bytes of a segment that staging has. */
public sealed interface StagedRead {
  /**
   * In a file, at the offset of the slice.
   *
   * @param lease the receiver's to close
   */
  record InFile(FileLease lease) implements StagedRead {}

  /** In memory, because their file cannot be trusted any more; checked. */
  record InMemory(ByteBuffer bytes) implements StagedRead {}

  /** Lost: not what was written. */
  record Damaged(String why) implements StagedRead {}

  /** Not, or no longer, in staging. */
  record Absent() implements StagedRead {}
}
