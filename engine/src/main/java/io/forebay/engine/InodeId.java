package io.forebay.engine;

import io.forebay.ambient.Invariant;

/**
 * The number of an inode. Never reused within a volume.
 *
 * @param value 1 or greater; 1 is the root directory
 */
public record InodeId(long value) implements Comparable<InodeId> {
  /** The volume's root directory. */
  public static final InodeId ROOT = new InodeId(1);

  public InodeId {
    Invariant.check(value >= 1, "inode numbers start at 1", value);
  }

  @Override
  public int compareTo(InodeId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return "inode " + value;
  }
}
