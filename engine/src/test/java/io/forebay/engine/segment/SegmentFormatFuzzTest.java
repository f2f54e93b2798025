package io.forebay.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Whatever stands at the end of an object, it is a trailer, or refused. */
class SegmentFormatFuzzTest {
  private static final long MAGIC = 0x464F524542415953L;

  /** Bytes as they are. */
  @FuzzTest(maxDuration = "30s")
  void trailer(byte[] bytes) {
    decode(bytes);
  }

  /** With magic, length and checksum put right, so that the rest is reached. */
  @FuzzTest(maxDuration = "30s")
  void trailerWithARightChecksum(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length + 16).put(bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    buffer.putInt((int) crc.getValue()).putInt(buffer.limit()).putLong(MAGIC);
    decode(buffer.array());
  }

  private static void decode(byte[] bytes) {
    try {
      ByteBuffer end = ByteBuffer.wrap(bytes);
      int length = SegmentFormat.trailerLength(end);
      if (length > bytes.length) {
        return;
      }
      ByteBuffer trailer = end.slice(bytes.length - length, length);
      SegmentTrailer decoded = SegmentFormat.decode(trailer);
      // What was taken is what would be written.
      assertThat(SegmentFormat.encode(decoded)).isEqualTo(trailer);
    } catch (DamagedSegmentException refused) {
      assertThat(refused).hasMessageNotContaining("null");
    }
  }
}
