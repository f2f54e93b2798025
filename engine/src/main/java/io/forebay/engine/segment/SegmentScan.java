package io.forebay.engine.segment;

import io.forebay.ambient.Invariant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One pass over a segment's data, from its file: takes the checksum of every page, and proves every
 * run against the checksum taken when its bytes came in, on the same bytes in memory. What a page
 * checksum vouches for is therefore what the writer gave us, whatever the disk did in between.
 */
final class SegmentScan {
  private static final int CHUNK = 16 * PageChecksums.PAGE_SIZE;

  /**
   * What the pass found.
   *
   * @param bad runs whose bytes are not what was written
   * @param crc the checksum of all data, to go on with
   */
  record Result(PageChecksums pages, List<SegmentRun> bad, CRC32C crc) {}

  private final List<SegmentRun> runs;
  private final int dataLength;
  private final int[] pages;
  private final List<SegmentRun> bad = new ArrayList<>();
  private final CRC32C page = new CRC32C();
  private final CRC32C whole = new CRC32C();
  private final CRC32C run = new CRC32C();
  private int next;

  private SegmentScan(List<SegmentRun> runs, int dataLength) {
    this.runs =
        runs.stream()
            .sorted(Comparator.comparingInt((SegmentRun r) -> r.slice().offset()))
            .toList();
    this.dataLength = dataLength;
    this.pages = new int[(dataLength + PageChecksums.PAGE_SIZE - 1) / PageChecksums.PAGE_SIZE];
  }

  /**
   * @param runs not overlapping, all within {@code dataLength}
   * @throws IOException also when the file is shorter
   */
  static Result of(SegmentFiles.StoredFile file, List<SegmentRun> runs, int dataLength)
      throws IOException {
    SegmentScan scan = new SegmentScan(runs, dataLength);
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(CHUNK, dataLength));
    for (int offset = 0; offset < dataLength; offset += CHUNK) {
      chunk.clear().limit(Math.min(CHUNK, dataLength - offset));
      file.read(chunk, offset);
      scan.take(offset, chunk.flip());
    }
    return new Result(new PageChecksums(scan.pages, dataLength), scan.bad, scan.whole);
  }

  private void take(int offset, ByteBuffer chunk) {
    whole.update(chunk.duplicate());
    for (int at = 0; at < chunk.limit(); at += PageChecksums.PAGE_SIZE) {
      page.reset();
      page.update(chunk.slice(at, Math.min(PageChecksums.PAGE_SIZE, chunk.limit() - at)));
      pages[(offset + at) / PageChecksums.PAGE_SIZE] = (int) page.getValue();
    }
    takeRuns(offset, chunk);
  }

  private void takeRuns(int offset, ByteBuffer chunk) {
    int end = offset + chunk.limit();
    while (next < runs.size() && runs.get(next).slice().offset() < end) {
      SegmentRun current = runs.get(next);
      SegmentSlice slice = current.slice();
      Invariant.check(slice.end() <= dataLength, "a run beyond the data", slice.end());
      int from = Math.max(slice.offset(), offset);
      int to = Math.min(slice.end(), end);
      run.update(chunk.slice(from - offset, to - from));
      if (slice.end() > end) {
        return;
      }
      if ((int) run.getValue() != current.crc32c()) {
        bad.add(current);
      }
      run.reset();
      next++;
    }
  }
}
