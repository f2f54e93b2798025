package io.forebay.engine.segment;

import io.forebay.engine.VolumeId;
import java.util.List;

/**
 * What a segment says of itself, behind its data.
 *
 * @param volume whose
 * @param id which
 * @param runs whose bytes its data are, by offset in the segment; includes runs that were never
 *     committed
 * @param pages checksums of its data, with the data's length
 */
public record SegmentTrailer(
    VolumeId volume, SegmentId id, List<SegmentRun> runs, PageChecksums pages) {
  public SegmentTrailer {
    runs = List.copyOf(runs);
  }

  /** Bytes of data before the trailer. */
  public int dataLength() {
    return pages.dataLength();
  }
}
