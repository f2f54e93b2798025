package io.forebay.engine.segment;

import java.util.List;
import java.util.Optional;

/**
 * What segments need of the metadata; each call is one transaction, durable on return. Rows of
 * segments are created by the commit that first refers to them, not here, in state OPEN; a segment
 * may well be sealed, and its object stored, before that commit: staging then calls {@link #sealed}
 * and {@link #stored} again.
 *
 * <p>A commit may add runs to a segment in any state but LOST, as long as its writer holds the pin
 * that the append set; to a STORED one it adds no run rows. A STORED row without live bytes becomes
 * DEAD in the transaction that leaves it so ({@link #stored} included); a commit that refers to a
 * DEAD segment makes it STORED again.
 */
public interface SegmentLedger {
  /**
   * A segment as the metadata has it.
   *
   * @param dataLength bytes of data, without the trailer; of an OPEN one, the end of its last
   *     committed run
   * @param liveBytes bytes that extents refer to
   */
  record Row(SegmentId id, SegmentState state, int dataLength, long liveBytes) {}

  /** Leases a range of ids that nobody has had; returns its first. Gaps are harmless. */
  long leaseIds(int count);

  /**
   * OPEN to SEALED, with length and page checksums; nothing for a row in another state. A segment
   * without a row (nothing committed yet) gets none: it is remembered by staging alone until its
   * first commit.
   */
  void sealed(SegmentId id, int dataLength, PageChecksums checksums);

  /**
   * SEALED to STORED, or to DEAD without live bytes; its runs are dropped. A missing row is
   * harmless.
   */
  void stored(SegmentId id);

  /** The bytes of an unstored segment are gone: marks it LOST. */
  void lost(SegmentId id);

  /** Rows in state OPEN or SEALED, by id: what staging has to have. */
  List<Row> unstored();

  Optional<Row> find(SegmentId id);

  /** Committed runs of a segment that is OPEN or SEALED, in segment order. */
  List<SegmentRun> runs(SegmentId id);

  /** Page checksums of a segment that was sealed; answered from memory when hot. */
  Optional<PageChecksums> checksums(SegmentId id);

  /** DEAD segments with ids greater than {@code after}, in id order. */
  List<Row> dead(long after, int limit);

  /** Removes the row of a DEAD segment, after its object and files are gone. */
  void deleted(SegmentId id);

  /** How much of the metadata's log is in the bucket: ask anew each time. */
  default ShippedLog shippedLog() {
    return ShippedLog.NONE;
  }
}
