package io.forebay.engine.segment;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Segments that somebody in this process still reads, or has appended to without committing yet. A
 * pinned segment is neither deleted nor dropped from staging, whatever the metadata says. Pins do
 * not survive the process, nor need they: who held them is gone too.
 */
public final class SegmentPins {
  private final ConcurrentHashMap<SegmentId, Integer> counts = new ConcurrentHashMap<>();

  public void pin(SegmentId id) {
    counts.merge(id, 1, Integer::sum);
  }

  public void pinAll(Collection<SegmentId> ids) {
    ids.forEach(this::pin);
  }

  /** Undoes one {@link #pin}. */
  public void unpin(SegmentId id) {
    counts.computeIfPresent(id, (key, n) -> n == 1 ? null : n - 1);
  }

  public void unpinAll(Collection<SegmentId> ids) {
    ids.forEach(this::unpin);
  }

  public boolean isPinned(SegmentId id) {
    return counts.containsKey(id);
  }
}
