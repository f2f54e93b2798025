package io.forebay.nfs.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.DirectoryChange;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.Payload;
import io.forebay.engine.VolumeStatistics;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.AttributeSource;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrWriter;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The result of every operation, in bytes (RFC 8881 section 18). */
class ResultEncoderTest {
  private static final StateId STATE = new StateId(3, 0x0102030405060708L, 0x090a0b0c);
  private static final SessionId SESSION = new SessionId(0x0011223344556677L, 0x8899aabbccddeeffL);
  private static final DirectoryChange CHANGE = new DirectoryChange(5, 6);
  private static final String CHANGED = "00000001 0000000000000005 0000000000000006";
  private static final Opaque ABC = Opaque.of("abc");
  private static final AttributeBitmap MODE = AttributeBitmap.of(Attribute.MODE);
  private static final String MODE_SET = "00000002 00000000 00000002";
  private static final ChannelAttributes CHANNEL =
      new ChannelAttributes(0, 1 << 20, 2 << 20, 4096, 8, 64);
  private static final AttributeSource SOURCE =
      new AttributeSource(
          new FileAttributes(
              new InodeId(7), 1, FileType.DIRECTORY, 0755, 2, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0),
          new AttributeSource.FileSystemFacts(
              1, 1, 90, 1 << 20, () -> new VolumeStatistics(0, 0, 0, 0, 0)),
          ABC,
          7);

  private static XdrWriter encode(NfsResult result) {
    XdrWriter writer = new XdrWriter(4096);
    ResultEncoder.encode(result, writer);
    return writer;
  }

  private static void assertEncoded(NfsResult result, String hex) {
    assertThat(HexFormat.of().formatHex(encode(result).toBytes()))
        .as(result.toString())
        .isEqualTo(hex.replace(" ", ""));
  }

  @Test
  void successesAndFailuresThatSayNothingMore() {
    assertEncoded(new NfsResult.Done(OpCode.PUTROOTFH), "00000018 00000000");
    assertEncoded(new NfsResult.Failed(OpCode.LOOKUP, NfsStatus.NOENT), "0000000f 00000002");
    assertEncoded(new NfsResult.Failed(OpCode.ILLEGAL, NfsStatus.OP_ILLEGAL), "0000273c 0000273c");
  }

  @Test
  void clientsAndSessions() {
    assertEncoded(
        new NfsResult.ExchangeId(5, 1, 0x80010000, 0, ABC, Opaque.of("scope")),
        "0000002a 00000000 0000000000000005 00000001 80010000 00000000"
            + "0000000000000000 00000003 61626300 00000005 73636f7065000000 00000000");
    assertEncoded(
        new NfsResult.CreateSession(SESSION, 1, 2, CHANNEL, CHANNEL),
        "0000002b 00000000"
            + Arguments.SESSION
            + "00000001 00000002"
            + Arguments.CHANNEL
            + Arguments.CHANNEL);
    assertEncoded(
        new NfsResult.BindConnToSession(SESSION, 3),
        "00000029 00000000" + Arguments.SESSION + "00000003 00000000");
    assertEncoded(
        new NfsResult.Sequence(SESSION, 2, 3, 63, 31, 0x201),
        "00000035 00000000" + Arguments.SESSION + "00000002 00000003 0000003f 0000001f 00000201");
  }

  @Test
  void handlesAndAttributes() {
    assertEncoded(new NfsResult.GetFh(ABC), "0000000a 00000000" + Arguments.NAME);
    assertEncoded(
        new NfsResult.SecInfo(OpCode.SECINFO_NO_NAME, List.of(1, 0)),
        "00000034 00000000 00000002 00000001 00000000");
    assertEncoded(new NfsResult.Access(0x3f, 0x21), "00000003 00000000 0000003f 00000021");
    assertEncoded(
        new NfsResult.GetAttr(AttributeBitmap.of(Attribute.TYPE, Attribute.CHANGE), SOURCE),
        "00000009 00000000 00000001 0000000a 0000000c 00000002 0000000000000009");
    assertEncoded(new NfsResult.SetAttr(NfsStatus.OK, MODE), "00000022 00000000" + MODE_SET);
    assertEncoded(
        new NfsResult.SetAttr(NfsStatus.PERM, AttributeBitmap.EMPTY), "00000022 00000001 00000000");
    assertEncoded(new NfsResult.ReadLink(ABC), "0000001b 00000000" + Arguments.NAME);
  }

  @Test
  void names() {
    assertEncoded(new NfsResult.Create(CHANGE, MODE), "00000006 00000000" + CHANGED + MODE_SET);
    assertEncoded(new NfsResult.Changed(OpCode.REMOVE, CHANGE), "0000001c 00000000" + CHANGED);
    assertEncoded(
        new NfsResult.Rename(CHANGE, new DirectoryChange(7, 8)),
        "0000001d 00000000" + CHANGED + "00000001 0000000000000007 0000000000000008");
    assertEncoded(
        new NfsResult.ReadDir(
            0x1122334455667788L,
            List.of(new NfsResult.ReadDir.Entry(3, ABC, SOURCE)),
            AttributeBitmap.of(Attribute.TYPE),
            true),
        "0000001a 00000000 1122334455667788"
            + "00000001 0000000000000003 00000003 61626300 00000001 00000002 00000004 00000002"
            + "00000000 00000001");
    assertEncoded(
        new NfsResult.ReadDir(0, List.of(), AttributeBitmap.EMPTY, false),
        "0000001a 00000000 0000000000000000 00000000 00000000");
  }

  @Test
  void opensAndLocks() {
    String opened = "00000012 00000000" + Arguments.STATEID + CHANGED + "00000004" + MODE_SET;
    assertEncoded(new NfsResult.Open(STATE, CHANGE, 4, MODE, -1), opened + "00000000");
    assertEncoded(new NfsResult.Open(STATE, CHANGE, 4, MODE, 0), opened + "00000003 00000000");
    assertEncoded(
        new NfsResult.Open(STATE, CHANGE, 4, MODE, 1), opened + "00000003 00000001 00000000");
    assertEncoded(
        new NfsResult.Open(STATE, CHANGE, 4, MODE, 2), opened + "00000003 00000002 00000000");
    assertEncoded(
        new NfsResult.State(OpCode.CLOSE, STATE), "00000004 00000000" + Arguments.STATEID);
    assertEncoded(
        new NfsResult.LockDenied(OpCode.LOCK, 1, -1, LockType.WRITE, 5, ABC),
        "0000000c 0000271a 0000000000000001 ffffffffffffffff 00000002" + Arguments.OWNER);
    assertEncoded(
        new NfsResult.LockDenied(OpCode.LOCKT, 1, 2, LockType.READ, 5, ABC),
        "0000000d 0000271a 0000000000000001 0000000000000002 00000001" + Arguments.OWNER);
    assertEncoded(
        new NfsResult.TestStateId(List.of(NfsStatus.OK, NfsStatus.BAD_STATEID)),
        "00000037 00000000 00000002 00000000 00002729");
  }

  @Test
  void data() {
    Payload payload =
        new Payload(List.of(new Payload.Memory(ByteBuffer.wrap(new byte[5]))), () -> {});
    XdrWriter read = encode(new NfsResult.Read(true, payload));
    assertThat(read.gaps()).containsExactly(new XdrWriter.Gap(16, 5));
    byte[] written = new byte[read.written().remaining()];
    read.written().get(written);
    assertThat(HexFormat.of().formatHex(written))
        .isEqualTo("00000019" + "00000000" + "00000001" + "00000005" + "000000");
    assertEncoded(new NfsResult.Read(true, Payload.EMPTY), "00000019 00000000 00000001 00000000");
    assertEncoded(
        new NfsResult.Write(5, StableHow.FILE_SYNC, 0x1122334455667788L),
        "00000026 00000000 00000005 00000002 1122334455667788");
    assertEncoded(new NfsResult.Commit(7), "00000005 00000000 0000000000000007");
  }

  /** RFC 8881 section 15.1: the numbers, once each. */
  @Test
  void statusesHaveTheirNumbers() {
    Set<NfsStatus> all = EnumSet.allOf(NfsStatus.class);
    assertThat(all.stream().map(NfsStatus::wire)).doesNotHaveDuplicates();
    assertThat(NfsStatus.SEQ_FALSE_RETRY.wire()).isEqualTo(10076);
    assertThat(NfsStatus.RETRY_UNCACHED_REP.wire()).isEqualTo(10068);
    assertThat(NfsStatus.COMPLETE_ALREADY.wire()).isEqualTo(10054);
    assertThat(NfsStatus.DELEG_REVOKED.wire()).isEqualTo(10087);
    assertThat(NfsStatus.NOTEMPTY.wire()).isEqualTo(66);
  }
}
