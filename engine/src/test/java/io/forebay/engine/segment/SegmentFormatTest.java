package io.forebay.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.InodeId;
import io.forebay.engine.VolumeId;
import io.forebay.testkit.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** docs/format.md, section "Segment object". */
class SegmentFormatTest {
  private static final VolumeId VOLUME =
      new VolumeId(UUID.fromString("01234567-89ab-4def-8123-456789abcdef"));

  /** What {@code segment-v1.bin} holds: written once by version 1, never to be written again. */
  private static byte[] goldenObject() {
    byte[] data = Seeds.bytesOf(42, PageChecksums.PAGE_SIZE + 1000);
    SegmentId id = new SegmentId(0x1122334455667788L);
    List<SegmentRun> runs =
        List.of(
            run(id, data, 0, 10, 5, 0),
            run(id, data, 10, PageChecksums.PAGE_SIZE, 6, 1L << 40),
            run(id, data, PageChecksums.PAGE_SIZE + 500, 500, Long.MAX_VALUE, 7));
    return object(new SegmentTrailer(VOLUME, id, runs, checksums(data)), data);
  }

  private static SegmentRun run(
      SegmentId id, byte[] data, int offset, int length, long inode, long fileOffset) {
    CRC32C crc = new CRC32C();
    crc.update(data, offset, length);
    return new SegmentRun(
        new SegmentSlice(id, offset, length), new InodeId(inode), fileOffset, (int) crc.getValue());
  }

  private static PageChecksums checksums(byte[] data) {
    int[] pages = new int[(data.length + PageChecksums.PAGE_SIZE - 1) / PageChecksums.PAGE_SIZE];
    for (int i = 0; i < pages.length; i++) {
      CRC32C crc = new CRC32C();
      int from = i * PageChecksums.PAGE_SIZE;
      crc.update(data, from, Math.min(PageChecksums.PAGE_SIZE, data.length - from));
      pages[i] = (int) crc.getValue();
    }
    return new PageChecksums(pages, data.length);
  }

  private static byte[] object(SegmentTrailer trailer, byte[] data) {
    ByteBuffer encoded = SegmentFormat.encode(trailer);
    ByteBuffer all = ByteBuffer.allocate(data.length + encoded.remaining());
    return all.put(data).put(encoded).array();
  }

  private static void assertSame(SegmentTrailer actual, SegmentTrailer expected) {
    assertThat(actual.volume()).isEqualTo(expected.volume());
    assertThat(actual.id()).isEqualTo(expected.id());
    assertThat(actual.runs()).isEqualTo(expected.runs());
    assertThat(actual.pages().encode()).isEqualTo(expected.pages().encode());
    assertThat(actual.dataLength()).isEqualTo(expected.dataLength());
  }

  @Test
  void theFormatIsWhatVersionOneWrote() throws IOException {
    byte[] golden;
    try (InputStream in = SegmentFormatTest.class.getResourceAsStream("segment-v1.bin")) {
      assertThat(in).isNotNull();
      golden = in.readAllBytes();
    }
    assertThat(goldenObject()).isEqualTo(golden);
    int length = SegmentFormat.trailerLength(ByteBuffer.wrap(golden));
    SegmentTrailer trailer =
        SegmentFormat.decode(ByteBuffer.wrap(golden, golden.length - length, length));
    assertThat(trailer.id().value()).isEqualTo(0x1122334455667788L);
    assertThat(trailer.volume()).isEqualTo(VOLUME);
    assertThat(trailer.runs()).hasSize(3);
    assertThat(trailer.runs().get(1).fileOffset()).isEqualTo(1L << 40);
    assertThat(trailer.pages().firstBadPage(0, ByteBuffer.wrap(golden, 0, trailer.dataLength())))
        .isEqualTo(-1);
    assertThat(new String(golden, golden.length - 8, 8, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("FOREBAYS");
  }

  @Test
  void keysSpreadOver256Directories() {
    assertThat(SegmentFormat.objectKey(new SegmentId(0x1ff)))
        .isEqualTo("segments/ff/00000000000001ff");
    assertThat(SegmentFormat.objectKey(new SegmentId(Long.MAX_VALUE)))
        .isEqualTo("segments/ff/7fffffffffffffff");
  }

  private static SegmentTrailer randomTrailer(Random random) {
    int dataLength = 1 + random.nextInt(SegmentFormat.MAX_DATA);
    SegmentId id = new SegmentId(1 + random.nextLong(Long.MAX_VALUE - 1));
    List<SegmentRun> runs = new ArrayList<>();
    int offset = 0;
    int most = random.nextInt(50);
    while (offset < dataLength && runs.size() < most) {
      int length = 1 + random.nextInt(dataLength - offset);
      runs.add(
          new SegmentRun(
              new SegmentSlice(id, offset, length),
              new InodeId(1 + random.nextLong(Long.MAX_VALUE - 1)),
              random.nextLong(Long.MAX_VALUE),
              random.nextInt()));
      offset += length;
    }
    int[] pages = new int[(dataLength + PageChecksums.PAGE_SIZE - 1) / PageChecksums.PAGE_SIZE];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = random.nextInt();
    }
    VolumeId volume = new VolumeId(new UUID(random.nextLong(), random.nextLong()));
    return new SegmentTrailer(volume, id, runs, new PageChecksums(pages, dataLength));
  }

  @Test
  void everyTrailerComesBackAsItWas() throws DamagedSegmentException {
    Random random = Seeds.random("everyTrailerComesBackAsItWas");
    for (int i = 0; i < 500; i++) {
      SegmentTrailer trailer = randomTrailer(random);
      ByteBuffer encoded = SegmentFormat.encode(trailer);
      assertThat(SegmentFormat.trailerLength(encoded)).isEqualTo(encoded.remaining());
      assertSame(SegmentFormat.decode(encoded), trailer);
    }
  }

  @Test
  void theLongestTrailerFitsItsLimit() throws DamagedSegmentException {
    SegmentId id = new SegmentId(1);
    List<SegmentRun> runs = new ArrayList<>();
    for (int i = 0; i < SegmentFormat.MAX_RUNS; i++) {
      runs.add(new SegmentRun(new SegmentSlice(id, i, 1), new InodeId(1), i, i));
    }
    int[] pages = new int[SegmentFormat.MAX_DATA / PageChecksums.PAGE_SIZE];
    ByteBuffer encoded =
        SegmentFormat.encode(
            new SegmentTrailer(VOLUME, id, runs, new PageChecksums(pages, SegmentFormat.MAX_DATA)));
    assertThat(encoded.remaining()).isEqualTo(SegmentFormat.MAX_TRAILER);
    assertThat(SegmentFormat.decode(encoded).runs()).isEqualTo(runs);
  }

  @Test
  void noChangedByteGoesUnnoticed() {
    Random random = Seeds.random("noChangedByteGoesUnnoticed");
    for (int i = 0; i < 50; i++) {
      byte[] encoded = SegmentFormat.encode(randomTrailer(random)).array();
      for (int j = 0; j < 50; j++) {
        byte[] changed = encoded.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        assertThatThrownBy(() -> SegmentFormat.decode(ByteBuffer.wrap(changed)))
            .isInstanceOf(DamagedSegmentException.class);
      }
    }
  }

  /** The checksum made right again: what is inside has to stand on its own. */
  @Test
  void contradictionsAreFoundBehindARightChecksum() {
    Random random = Seeds.random("contradictionsAreFoundBehindARightChecksum");
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = SegmentFormat.encode(randomTrailer(random)).array();
      ByteBuffer changed = ByteBuffer.wrap(bytes);
      int fixed = bytes.length - SegmentFormat.FOOTER_LENGTH;
      int at =
          random.nextBoolean() || fixed == 0
              ? fixed + random.nextInt(SegmentFormat.FOOTER_LENGTH - 19)
              : random.nextInt(fixed);
      if (random.nextBoolean()) {
        bytes[at] = (byte) random.nextInt();
      } else {
        changed.putInt(Math.min(at, bytes.length - 20), random.nextInt());
      }
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, bytes.length - 16);
      changed.putInt(bytes.length - 16, (int) crc.getValue());
      try {
        SegmentTrailer trailer = SegmentFormat.decode(changed);
        for (SegmentRun run : trailer.runs()) {
          assertThat(run.slice().end()).isBetween(1, trailer.dataLength());
          assertThat(run.fileOffset()).isNotNegative();
        }
      } catch (DamagedSegmentException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aLengthThatIsTooLargeAllocatesNothing() {
    ByteBuffer end = ByteBuffer.allocate(SegmentFormat.FOOTER_LENGTH);
    for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 0, 55}) {
      end.putInt(SegmentFormat.FOOTER_LENGTH - 12, length);
      end.putLong(SegmentFormat.FOOTER_LENGTH - 8, 0x464F524542415953L);
      assertThatThrownBy(() -> SegmentFormat.trailerLength(end))
          .isInstanceOf(DamagedSegmentException.class);
    }
    assertThatThrownBy(() -> SegmentFormat.trailerLength(ByteBuffer.allocate(55)))
        .isInstanceOf(DamagedSegmentException.class);
  }

  @Test
  void aBadPageIsNamed() {
    Random random = Seeds.random("aBadPageIsNamed");
    byte[] data = Seeds.bytes(random, 5 * PageChecksums.PAGE_SIZE + 123);
    PageChecksums pages = checksums(data);
    assertThat(pages.pageCount()).isEqualTo(6);
    assertThat(pages.firstBadPage(0, ByteBuffer.wrap(data))).isEqualTo(-1);
    int offset = 2 * PageChecksums.PAGE_SIZE;
    ByteBuffer tail = ByteBuffer.wrap(data, offset, data.length - offset);
    assertThat(pages.firstBadPage(offset, tail)).isEqualTo(-1);
    for (int page = 0; page < 6; page++) {
      byte[] changed = data.clone();
      int length = Math.min(PageChecksums.PAGE_SIZE, data.length - page * PageChecksums.PAGE_SIZE);
      changed[page * PageChecksums.PAGE_SIZE + random.nextInt(length)] ^= 1;
      assertThat(pages.firstBadPage(0, ByteBuffer.wrap(changed))).isEqualTo(page);
    }
    // The short last page must not be taken for a whole one.
    assertThatThrownBy(() -> pages.firstBadPage(0, ByteBuffer.wrap(data, 0, data.length - 1)))
        .hasMessageContaining("whole");
  }
}
