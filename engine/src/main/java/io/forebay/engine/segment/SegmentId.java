package io.forebay.engine.segment;

import io.forebay.ambient.Invariant;

/**
 * The number of a segment. Never reused within a volume.
 *
 * @param value 1 or greater
 */
public record SegmentId(long value) implements Comparable<SegmentId> {
  public SegmentId {
    Invariant.check(value >= 1, "segment ids start at 1", value);
  }

  @Override
  public int compareTo(SegmentId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return String.format("segment %016x", value);
  }
}
