package io.forebay.nfs.attr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.TimeChange;
import io.forebay.engine.VolumeStatistics;
import io.forebay.nfs.attr.AttributeException.Problem;
import io.forebay.nfs.attr.AttributeSource.FileSystemFacts;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 3.3.7 and 5, in bytes. */
class AttributesTest {
  private static final int SPACE_TOTAL = 44;
  private final AtomicInteger statisticsAsked = new AtomicInteger();

  private final FileAttributes file =
      new FileAttributes(
          new InodeId(0x99),
          1,
          FileType.REGULAR,
          0640,
          2,
          1000,
          -2,
          0x1234,
          0x1000,
          0x77,
          0x70,
          1_500_000_000L,
          -1L,
          3_000_000_001L,
          0,
          0,
          0);
  private final AttributeSource source =
      new AttributeSource(
          file,
          new FileSystemFacts(
              5,
              6,
              90,
              1 << 20,
              () -> {
                statisticsAsked.incrementAndGet();
                return new VolumeStatistics(1000, 400, 600, 50, 20);
              }),
          Opaque.of(new byte[] {1, 2, 3}),
          0x99);

  private String encoded(Attribute... wanted) {
    XdrWriter writer = new XdrWriter(4096);
    AttributeEncoder.encode(AttributeBitmap.of(wanted), source, writer);
    return HexFormat.of().formatHex(writer.toBytes());
  }

  private static AttributeBitmap bitmap(String hex) {
    return AttributeBitmap.decode(
        new XdrReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")))));
  }

  // --- bitmaps

  @Test
  void aBitmapIsWordsOfThirtyTwoBits() {
    AttributeBitmap bitmap = bitmap("00000003 00000002 00000002 00000800");
    assertThat(bitmap)
        .isEqualTo(
            AttributeBitmap.of(Attribute.TYPE, Attribute.MODE, Attribute.SUPPATTR_EXCLCREAT));
    XdrWriter writer = new XdrWriter(100);
    bitmap.encode(writer);
    assertThat(HexFormat.of().formatHex(writer.toBytes()))
        .isEqualTo("00000003000000020000000200000800");
  }

  @Test
  void trailingZeroWordsAreNotWritten() {
    XdrWriter writer = new XdrWriter(100);
    bitmap("00000003 00000010 00000000 00000000").encode(writer);
    AttributeBitmap.EMPTY.encode(writer);
    assertThat(HexFormat.of().formatHex(writer.toBytes()))
        .isEqualTo("00000001" + "00000010" + "00000000");
  }

  @Test
  void attributesBeyondAreSeenAndOverlongBitmapsRefused() {
    AttributeBitmap beyond = bitmap("00000004 00000000 00000000 00000000 00000001");
    assertThat(beyond.beyond()).isTrue();
    assertThat(beyond.isEmpty()).isFalse();
    assertThat(beyond.isWithin(AttributeBitmap.SUPPORTED)).isFalse();
    assertThatThrownBy(() -> bitmap("00000011" + "00000000".repeat(17)))
        .isInstanceOf(io.forebay.nfs.xdr.XdrException.class);
  }

  @Test
  void everySupportedAttributeHasItsOwnBit() {
    AttributeBitmap all = AttributeBitmap.EMPTY;
    for (Attribute attribute : Attribute.values()) {
      assertThat(all.contains(attribute)).as(attribute.name()).isFalse();
      all = all.with(attribute);
      assertThat(all.contains(attribute)).isTrue();
    }
    assertThat(all).isEqualTo(AttributeBitmap.SUPPORTED);
  }

  // --- values out

  @Test
  void valuesStandInOrderOfTheirNumbers() {
    assertThat(encoded(Attribute.OWNER_GROUP, Attribute.SIZE, Attribute.TYPE, Attribute.MODE))
        .isEqualTo(
            ("00000002 00000012 00000022"
                    + " 00000020"
                    + " 00000001 0000000000001234 000001a0"
                    + " 0000000a 34323934393637323934 0000")
                .replace(" ", ""));
  }

  @Test
  void timesBeforeTheEpochAreWholeSecondsBackAndNanosecondsForward() {
    assertThat(encoded(Attribute.TIME_ACCESS, Attribute.TIME_METADATA, Attribute.TIME_MODIFY))
        .endsWith(
            "0000000000000001"
                + "1dcd6500"
                + "0000000000000003"
                + "00000001"
                + "ffffffffffffffff"
                + "3b9ac9ff");
  }

  @Test
  void handlesFileSystemsAndLeases() {
    assertThat(encoded(Attribute.FSID, Attribute.LEASE_TIME, Attribute.FILEHANDLE))
        .endsWith("0000000000000005" + "0000000000000006" + "0000005a" + "00000003" + "01020300");
    assertThat(statisticsAsked).as("not needed").hasValue(0);
  }

  @Test
  void statisticsAreAskedOnceForAllThatNeedThem() {
    assertThat(encoded(Attribute.FILES_FREE, Attribute.SPACE_FREE, Attribute.SPACE_TOTAL))
        .endsWith("000000000000001e" + "0000000000000190" + "00000000000003e8");
    assertThat(statisticsAsked).hasValue(1);
    assertThat(Attribute.SPACE_TOTAL.number()).isEqualTo(SPACE_TOTAL);
  }

  @Test
  void whatCannotBeReadIsLeftOut() {
    assertThat(encoded(Attribute.TIME_MODIFY_SET, Attribute.TYPE))
        .isEqualTo("00000001" + "00000002" + "00000004" + "00000001");
  }

  @Test
  void everyReadableAttributeIsEncodedWithinItsLength() {
    for (Attribute attribute : Attribute.values()) {
      XdrWriter writer = new XdrWriter(4096);
      AttributeEncoder.encode(AttributeBitmap.of(attribute), source, writer);
      XdrReader reader = new XdrReader(ByteBuffer.wrap(writer.toBytes()));
      AttributeBitmap mask = AttributeBitmap.decode(reader);
      assertThat(mask.contains(attribute)).as(attribute.name()).isEqualTo(attribute.isReadable());
      int length = reader.readInt();
      assertThat(length).as(attribute.name()).isEqualTo(reader.remaining());
      assertThat(length % 4).isZero();
    }
  }

  // --- values in

  private static AttributeChanges decoded(AttributeBitmap mask, XdrWriter values) {
    return AttributeDecoder.decode(new RawAttributes(mask, Opaque.of(values.toBytes())));
  }

  private static void assertRefused(Problem problem, AttributeBitmap mask, XdrWriter values) {
    assertThatThrownBy(() -> decoded(mask, values))
        .isInstanceOfSatisfying(
            AttributeException.class, it -> assertThat(it.problem()).isEqualTo(problem));
  }

  @Test
  void whatMayBeSetIsRead() {
    XdrWriter values = new XdrWriter(200);
    values.writeLong(77);
    values.writeInt(04755);
    values.writeOpaque(Opaque.of("4294967295"));
    values.writeOpaque(Opaque.of("0"));
    values.writeInt(0);
    values.writeInt(1);
    values.writeLong(-2);
    values.writeInt(999_999_999);
    AttributeChanges changes = decoded(AttributeBitmap.SETTABLE, values);
    assertThat(changes)
        .isEqualTo(
            AttributeChanges.NONE
                .withSize(77)
                .withMode(04755)
                .withOwner(-1)
                .withGroup(0)
                .withAccess(TimeChange.NOW)
                .withModify(new TimeChange.To(-1_000_000_001L)));
  }

  @Test
  void whatIsUnknownReadOnlyOrOutOfRangeIsRefused() {
    XdrWriter none = new XdrWriter(100);
    assertRefused(Problem.NOT_SUPPORTED, bitmap("00000001 00001000"), none);
    assertRefused(
        Problem.NOT_SUPPORTED, bitmap("00000004 00000000 00000000 00000000 00000001"), none);
    assertRefused(Problem.INVALID, AttributeBitmap.of(Attribute.TYPE), none);

    XdrWriter mode = new XdrWriter(100);
    mode.writeInt(010000);
    assertRefused(Problem.INVALID, AttributeBitmap.of(Attribute.MODE), mode);

    XdrWriter time = new XdrWriter(100);
    time.writeInt(1);
    time.writeLong(0);
    time.writeInt(1_000_000_000);
    assertRefused(Problem.INVALID, AttributeBitmap.of(Attribute.TIME_MODIFY_SET), time);

    XdrWriter far = new XdrWriter(100);
    far.writeInt(1);
    far.writeLong(Long.MAX_VALUE);
    far.writeInt(0);
    assertRefused(Problem.INVALID, AttributeBitmap.of(Attribute.TIME_MODIFY_SET), far);
  }

  @Test
  void ownersAreNumbers() {
    for (String name : new String[] {"", "root", "-1", "4294967296", "1 ", "+1", "99999999999"}) {
      XdrWriter owner = new XdrWriter(100);
      owner.writeOpaque(Opaque.of(name));
      assertRefused(Problem.BAD_OWNER, AttributeBitmap.of(Attribute.OWNER), owner);
    }
  }

  @Test
  void valuesThatDoNotMatchTheirMaskAreMalformed() {
    XdrWriter tooMuch = new XdrWriter(100);
    tooMuch.writeLong(1);
    tooMuch.writeInt(0);
    assertRefused(Problem.MALFORMED, AttributeBitmap.of(Attribute.SIZE), tooMuch);
    XdrWriter tooLittle = new XdrWriter(100);
    tooLittle.writeInt(1);
    assertRefused(Problem.MALFORMED, AttributeBitmap.of(Attribute.SIZE), tooLittle);
    XdrWriter noTime = new XdrWriter(100);
    noTime.writeInt(2);
    assertRefused(Problem.MALFORMED, AttributeBitmap.of(Attribute.TIME_MODIFY_SET), noTime);
  }

  @Test
  void rubbishIsRefusedOrRead() {
    Random random = Seeds.random("AttributesTest.rubbishIsRefusedOrRead");
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      AttributeBitmap mask =
          random.nextBoolean()
              ? AttributeBitmap.of(Attribute.values()[random.nextInt(Attribute.values().length)])
              : new AttributeBitmap(random.nextLong(), random.nextInt(), false);
      Opaque values = Opaque.of(Seeds.bytes(random, 4 * random.nextInt(8)));
      try {
        assertThat(AttributeDecoder.decode(new RawAttributes(mask, values))).isNotNull();
        read++;
      } catch (AttributeException refused) {
        assertThat(refused.problem()).isNotNull();
      }
    }
    assertThat(read).as("some of it is even good").isPositive();
  }
}
