package io.forebay.nfs.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** RFC 4506. */
class XdrTest {
  private final XdrWriter writer = new XdrWriter(1 << 20);

  private static XdrReader reading(String hex) {
    return new XdrReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
  }

  private void assertWritten(String hex) {
    assertThat(HexFormat.of().formatHex(writer.toBytes())).isEqualTo(hex.replace(" ", ""));
  }

  private static void assertMalformed(ThrowingCallable read) {
    assertThatThrownBy(read).isInstanceOf(XdrException.class);
  }

  // --- golden bytes

  @Test
  void numbersAreBigEndian() {
    writer.writeInt(0x01020304);
    writer.writeLong(0x0102030405060708L);
    writer.writeBool(true);
    assertWritten("01020304 0102030405060708 00000001");

    XdrReader reader = reading("01020304 fffffffe 0102030405060708 00000001 00000000");
    assertThat(reader.readInt()).isEqualTo(0x01020304);
    assertThat(reader.readUnsignedInt()).isEqualTo(0xfffffffeL);
    assertThat(reader.readLong()).isEqualTo(0x0102030405060708L);
    assertThat(reader.readBool()).isTrue();
    assertThat(reader.readBool()).isFalse();
    assertThat(reader.remaining()).isZero();
  }

  @Test
  void opaquesArePaddedWithZeroes() {
    writer.writeOpaque(Opaque.of("abcde"));
    writer.writeFixed(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    writer.writeOpaque(Opaque.EMPTY);
    assertWritten("00000005 6162636465 000000 010203 00 00000000");

    XdrReader reader = reading("00000005 6162636465 000000 010203 00 00000000");
    assertThat(reader.readOpaque(5).toText()).isEqualTo("abcde");
    assertThat(reader.readFixed(3)).isEqualTo(Opaque.of(new byte[] {1, 2, 3}));
    assertThat(reader.readOpaque(0)).isEqualTo(Opaque.EMPTY);
    assertThat(reader.remaining()).isZero();
  }

  // --- what is not XDR

  @Test
  void aBoolIsZeroOrOne() {
    assertMalformed(() -> reading("00000002").readBool());
    assertMalformed(() -> reading("ffffffff").readBool());
  }

  @Test
  void nothingIsReadBeyondTheEnd() {
    assertMalformed(() -> reading("000000").readInt());
    assertMalformed(() -> reading("00000000 000000").readLong());
    assertMalformed(() -> reading("").readBool());
    assertMalformed(() -> reading("010203").readFixed(3));
    assertMalformed(() -> reading("00000005 6162636465 0000").readOpaque(10));
    assertMalformed(() -> reading("00000005 61626364").readView(10));
  }

  @Test
  void nothingIsLongerThanTheReaderAllows() {
    assertMalformed(() -> reading("00000005 6162636465 000000").readOpaque(4));
    assertMalformed(() -> reading("00000005 6162636465 000000").readView(4));
    assertMalformed(() -> reading("00000003").readCount(2));
    assertMalformed(() -> reading("ffffffff").readCount(Integer.MAX_VALUE));
    assertThat(reading("00000003").readCount(3)).isEqualTo(3);
  }

  @Test
  void anAnnouncedLengthIsNotBelieved() {
    for (String length : List.of("7fffffff", "80000000", "fffffffc", "ffffffff", "7ffffffd")) {
      assertMalformed(() -> reading(length + " 00000000").readOpaque(Integer.MAX_VALUE));
      assertMalformed(() -> reading(length + " 00000000").readView(Integer.MAX_VALUE));
    }
  }

  @Test
  void aViewIsNotACopyAndKeepsToItsBytes() {
    byte[] bytes = HexFormat.of().parseHex("000000026162000000000009");
    XdrReader reader = new XdrReader(ByteBuffer.wrap(bytes));
    ByteBuffer view = reader.readView(10);
    assertThat(view.remaining()).isEqualTo(2);
    bytes[4] = 'z';
    assertThat(view.get(0)).isEqualTo((byte) 'z');
    assertThat(view.capacity()).isEqualTo(2);
    assertThat(reader.readInt()).isEqualTo(9);
  }

  @Test
  void theBufferReadIsLeftAsItWas() {
    ByteBuffer source = ByteBuffer.wrap(new byte[20]).position(4).limit(12);
    XdrReader reader = new XdrReader(source);
    assertThat(reader.remaining()).isEqualTo(8);
    assertThat(reader.readLong()).isZero();
    assertThat(source.position()).isEqualTo(4);
  }

  // --- the writer's bounds

  @Test
  void aMessageKeepsToItsBound() {
    XdrWriter small = new XdrWriter(12);
    small.writeLong(1);
    assertThatThrownBy(() -> small.writeLong(2)).isInstanceOf(XdrOverflowException.class);
    assertThatThrownBy(() -> small.writeOpaque(new byte[1]))
        .isInstanceOf(XdrOverflowException.class);
  }

  @Test
  void whatWasTooLongCanBeTakenBack() {
    XdrWriter small = new XdrWriter(20);
    small.writeInt(1);
    XdrWriter.Mark mark = small.mark();
    small.attach(4);
    assertThatThrownBy(() -> small.attach(9)).isInstanceOf(XdrOverflowException.class);
    small.rewind(mark);
    assertThat(small.gaps()).isEmpty();
    small.writeInt(2);
    assertThat(small.toBytes()).containsExactly(0, 0, 0, 1, 0, 0, 0, 2);
    assertThat(small.room()).isEqualTo(12);
  }

  @Test
  void aGapCountsAndIsPadded() {
    writer.writeInt(7);
    writer.attach(5);
    writer.attach(0);
    writer.writeInt(8);
    assertThat(writer.gaps()).containsExactly(new XdrWriter.Gap(8, 5));
    assertThat(writer.size()).isEqualTo(4 + 4 + 5 + 3 + 4 + 4);
    byte[] written = new byte[writer.written().remaining()];
    writer.written().get(written);
    assertThat(HexFormat.of().formatHex(written))
        .isEqualTo("00000007" + "00000005" + "000000" + "00000000" + "00000008");
  }

  @Test
  void numbersCanBePatched() {
    writer.writeInt(0);
    int at = writer.position();
    writer.writeInt(0);
    writer.writeInt(3);
    writer.patchInt(at, 0x0a0b0c0d);
    assertWritten("00000000 0a0b0c0d 00000003");
  }

  // --- round trips

  @Test
  void whatIsWrittenIsRead() {
    Random random = Seeds.random("XdrTest.whatIsWrittenIsRead");
    List<Consumer<XdrReader>> expected = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      switch (random.nextInt(5)) {
        case 0 -> {
          int value = random.nextInt();
          writer.writeInt(value);
          expected.add(reader -> assertThat(reader.readInt()).isEqualTo(value));
        }
        case 1 -> {
          long value = random.nextLong();
          writer.writeLong(value);
          expected.add(reader -> assertThat(reader.readLong()).isEqualTo(value));
        }
        case 2 -> {
          boolean value = random.nextBoolean();
          writer.writeBool(value);
          expected.add(reader -> assertThat(reader.readBool()).isEqualTo(value));
        }
        case 3 -> {
          byte[] value = Seeds.bytes(random, random.nextInt(70));
          writer.writeOpaque(value);
          expected.add(reader -> assertThat(reader.readOpaque(70)).isEqualTo(Opaque.of(value)));
        }
        default -> {
          byte[] value = Seeds.bytes(random, random.nextInt(70));
          writer.writeOpaque(value);
          expected.add(reader -> assertThat(reader.readView(70)).isEqualTo(ByteBuffer.wrap(value)));
        }
      }
    }
    XdrReader reader = new XdrReader(ByteBuffer.wrap(writer.toBytes()));
    expected.forEach(check -> check.accept(reader));
    assertThat(reader.remaining()).isZero();
  }
}
