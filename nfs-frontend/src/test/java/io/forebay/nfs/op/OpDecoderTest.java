package io.forebay.nfs.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arguments of every operation, in bytes (RFC 8881 section 18). */
class OpDecoderTest {
  private static final byte[] PUTROOTFH = {0, 0, 0, 24};

  static List<Arguments> all() {
    return Arguments.all();
  }

  private static XdrReader reader(byte[] bytes) {
    return new XdrReader(ByteBuffer.wrap(bytes));
  }

  private static CompoundRequest decode(byte[] compound) {
    return CompoundRequest.decode(reader(compound), 16);
  }

  @ParameterizedTest
  @MethodSource("all")
  void argumentsAreReadAndNothingElse(Arguments arguments) {
    XdrReader reader = reader(arguments.bytes());
    assertThat(OpDecoder.decode(reader, 2)).isEqualTo(arguments.op());
    assertThat(reader.remaining()).isZero();
  }

  @ParameterizedTest
  @MethodSource("all")
  void argumentsThatEndTooEarlyAreMalformed(Arguments arguments) {
    byte[] whole = arguments.bytes();
    for (int length = 0; length < whole.length; length++) {
      NfsOp op = OpDecoder.decode(reader(Arrays.copyOf(whole, length)), 2);
      OpCode code = length < 4 ? OpCode.ILLEGAL : arguments.op().code();
      assertThat(op).as("%d bytes", length).isEqualTo(new NfsOp.Malformed(code));
    }
  }

  @Test
  void everyOperationOfTheMinorVersionIsKnown() {
    Set<OpCode> seen = EnumSet.noneOf(OpCode.class);
    for (int wire = 3; wire <= 75; wire++) {
      NfsOp op = OpDecoder.decode(reader(ByteBuffer.allocate(4).putInt(wire).array()), 2);
      assertThat(op).as("operation %d", wire).isNotInstanceOf(NfsOp.Illegal.class);
      assertThat(op.code().wire()).isEqualTo(wire);
      seen.add(op.code());
    }
    seen.add(OpCode.ILLEGAL);
    assertThat(seen).containsExactlyInAnyOrder(OpCode.values());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 76, 10044, -1, Integer.MIN_VALUE})
  void otherNumbersAreIllegal(int wire) {
    assertThat(OpDecoder.decode(reader(ByteBuffer.allocate(4).putInt(wire).array()), 2))
        .isEqualTo(new NfsOp.Illegal(wire));
  }

  @ParameterizedTest
  @ValueSource(ints = {59, 60, 71, 75})
  void minorVersionOneHasNothingOfTheNextOne(int wire) {
    assertThat(OpDecoder.decode(reader(ByteBuffer.allocate(4).putInt(wire).array()), 1))
        .isEqualTo(new NfsOp.Illegal(wire));
  }

  @Test
  void valuesThatNoTypeHasAreMalformed() {
    for (String hex :
        new String[] {
          "00000026" + Arguments.STATEID + "0000000000000007 00000003" + Arguments.NAME,
          "0000000c 00000005 00000000 0000000000000001 0000000000000001 00000000",
          "00000029" + Arguments.SESSION + "00000004 00000000",
          "00000012 00000000 00000003 00000001" + Arguments.OWNER + "00000002",
          "00000012 00000000 00000003 00000001" + Arguments.OWNER + "00000000 00000007",
          "00000012 00000000 00000003 00000001" + Arguments.OWNER + "00000001 00000004",
          "00000034 00000002",
          "00000049 00000003" + Arguments.NAME + Arguments.NAME,
          "0000003c"
              + Arguments.STATEID
              + Arguments.STATEID
              + "0000000000000001 0000000000000002 0000000000000003 00000001 00000001"
              + "ffffffff",
          "0000002a 0000000000000009" + Arguments.NAME + "00000000 00000003",
          "0000002b 0000000000000005 00000001 00000002 00000000 00100000 00200000 00001000"
              + "00000008 00000040 00000002 00000000 00000000",
          "00000037 ffffffff",
          "00000016 00000081" + "00".repeat(132)
        }) {
      assertThat(OpDecoder.decode(reader(HexFormat.of().parseHex(hex.replace(" ", ""))), 2))
          .as(hex)
          .isInstanceOf(NfsOp.Malformed.class);
    }
  }

  @Test
  void theDataOfAWriteIsAView() {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                ("00000026" + Arguments.STATEID + "0000000000000007 00000002" + Arguments.NAME)
                    .replace(" ", ""));
    NfsOp.Write write = (NfsOp.Write) OpDecoder.decode(reader(bytes), 2);
    bytes[bytes.length - 4] = 'X';
    assertThat(write.data().get(0)).isEqualTo((byte) 'X');
  }

  // --- COMPOUND

  @Test
  void aCompoundIsItsHeadAndItsOperations() {
    CompoundRequest request = decode(Arguments.compound(1, 2, PUTROOTFH, new byte[] {0, 0, 0, 10}));
    assertThat(request.tag()).isEqualTo(Opaque.of("tag"));
    assertThat(request.minorVersion()).isEqualTo(1);
    assertThat(request.count()).isEqualTo(2);
    assertThat(request.operations())
        .containsExactly(
            new NfsOp.Plain(NfsOp.PlainOp.PUTROOTFH), new NfsOp.Plain(NfsOp.PlainOp.GETFH));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, -1})
  void operationsOfAnotherMinorVersionAreNotRead(int minorVersion) {
    CompoundRequest request = decode(Arguments.compound(minorVersion, 1, PUTROOTFH));
    assertThat(request.minorVersion()).isEqualTo(minorVersion);
    assertThat(request.operations()).isEmpty();
  }

  @Test
  void nothingIsReadAfterWhatCannotRun() {
    for (byte[] last :
        new byte[][] {{0, 0, 0, 99}, {0, 0, 0, 15, -1, -1, -1, -1}, {0, 0, 0, 30}, {0, 0, 0, 46}}) {
      CompoundRequest request =
          decode(Arguments.compound(1, 3, PUTROOTFH, Arrays.copyOf(last, 8), PUTROOTFH));
      assertThat(request.operations()).hasSize(2);
      assertThat(request.count()).isEqualTo(3);
    }
  }

  @Test
  void operationsAreReadUpToABound() {
    byte[][] many = new byte[20][];
    Arrays.fill(many, PUTROOTFH);
    CompoundRequest request = decode(Arguments.compound(1, 20, many));
    assertThat(request.operations()).hasSize(16);
    assertThat(request.count()).isEqualTo(20);
  }

  @Test
  void aCountThatIsALieEndsInOneMalformedOperation() {
    CompoundRequest request = decode(Arguments.compound(1, -1, PUTROOTFH));
    assertThat(request.count()).isEqualTo(Integer.MAX_VALUE);
    assertThat(request.operations())
        .containsExactly(
            new NfsOp.Plain(NfsOp.PlainOp.PUTROOTFH), new NfsOp.Malformed(OpCode.ILLEGAL));
  }

  @Test
  void aHeadThatIsNoXdrIsNoCompound() {
    byte[] whole = Arguments.compound(1, 1, PUTROOTFH);
    for (int length = 0; length < 16; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> decode(cut)).isInstanceOf(XdrException.class);
    }
  }

  @Test
  void aTagIsBounded() {
    byte[] tag = ByteBuffer.allocate(4 + 1028 + 8).putInt(1025).array();
    assertThatThrownBy(() -> decode(tag)).isInstanceOf(XdrException.class);
  }

  /** Whatever is in the bytes: a request, or the one exception. */
  @Test
  void rubbishIsDecodedOrRefused() {
    Random random = Seeds.random("OpDecoderTest.rubbishIsDecodedOrRefused");
    List<Arguments> all = all();
    for (int i = 0; i < 30_000; i++) {
      byte[][] operations = new byte[random.nextInt(1, 5)][];
      for (int k = 0; k < operations.length; k++) {
        operations[k] = all.get(random.nextInt(all.size())).bytes();
      }
      byte[] bad = Arguments.compound(1, operations.length, operations);
      for (int k = random.nextInt(1, 6); k > 0; k--) {
        int at = random.nextInt(bad.length);
        bad[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(-1, 2));
      }
      if (random.nextInt(4) == 0) {
        bad = Arrays.copyOf(bad, random.nextInt(bad.length));
      }
      CompoundFuzzTest.decodeAny(bad);
    }
  }
}
