package io.forebay.engine.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads from a segment whose disk has failed a write or a force: the kernel may have dropped what
 * was written, so every run is proved by its checksum first.
 */
final class DistrustfulRead {
  /** How often a file goes away under a reader at most: rewritten, uploaded, and one to spare. */
  private static final int REPLACEMENTS = 3;

  private DistrustfulRead() {}

  static StagedRead of(StagedSegment segment, SegmentSlice slice) throws IOException {
    List<SegmentRun> runs = segment.runs(false);
    ByteBuffer bytes = ByteBuffer.allocate(slice.length());
    int covered = 0;
    for (SegmentRun run : runs) {
      SegmentSlice place = run.slice();
      int from = Math.max(place.offset(), slice.offset());
      int to = Math.min(place.end(), slice.end());
      if (from >= to) {
        continue;
      }
      ByteBuffer content = ByteBuffer.allocate(place.length());
      readFully(segment, content, place.offset());
      CRC32C crc = new CRC32C();
      crc.update(content.flip());
      if ((int) crc.getValue() != run.crc32c()) {
        return new StagedRead.Damaged(segment.id() + " lost bytes that its disk did not keep");
      }
      bytes.put(from - slice.offset(), content, from - place.offset(), to - from);
      covered += to - from;
    }
    return covered == slice.length()
        ? new StagedRead.InMemory(bytes)
        : new StagedRead.Damaged("nobody has written all of " + slice);
  }

  /** The seal puts another file in the place of this one, and the upload closes it. */
  private static void readFully(StagedSegment segment, ByteBuffer target, long position)
      throws IOException {
    for (int left = REPLACEMENTS; ; left--) {
      try {
        segment.stored().read(target.clear(), position);
        return;
      } catch (ClosedChannelException e) {
        if (left == 0) {
          throw e;
        }
      }
    }
  }
}
