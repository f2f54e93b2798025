package io.forebay.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.rpc.RpcReply.AuthStatus;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 5531 section 9, in bytes. */
class RpcHeaderCodecTest {
  private static final String CALL = "00000011 00000000 00000002 000186a3 00000004 00000001";
  private static final String NO_AUTH = " 00000000 00000000";
  private static final String SYS =
      " 00000001 00000030 00000009 00000004 686f7374 000003e8 fffffffe 00000006"
          + " 00000001 00000002 00000003 00000004 00000005 80000000";

  private static XdrReader reader(String hex) {
    return new XdrReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
  }

  private static RpcMessage decode(String hex) {
    return RpcHeaderCodec.decode(reader(hex));
  }

  private static RpcMessage refused(RpcReply reply) {
    return new RpcMessage.Refused(reply);
  }

  private static RpcMessage denied(AuthStatus status) {
    return refused(new RpcReply.AuthenticationError(0x11, status));
  }

  // --- calls

  @Test
  void aCallWithoutCredentials() {
    XdrReader reader = reader(CALL + NO_AUTH + NO_AUTH + "cafebabe");
    assertThat(RpcHeaderCodec.decode(reader))
        .isEqualTo(new RpcMessage.Call(0x11, 100_003, 4, 1, Credential.NONE));
    assertThat(reader.readInt()).as("the arguments follow").isEqualTo(0xcafebabe);
  }

  @Test
  void aCallOfAUser() {
    assertThat(decode(CALL + SYS + NO_AUTH))
        .isEqualTo(
            new RpcMessage.Call(
                0x11,
                100_003,
                4,
                1,
                new Credential.Sys("host", 1000, -2, List.of(1, 2, 3, 4, 5, 0x80000000))));
  }

  @Test
  void aUserWithMoreThanSixteenGroupsIsRefused() {
    StringBuilder body = new StringBuilder("00000009 00000000 00000000 00000000 00000011");
    for (int i = 0; i < 17; i++) {
      body.append(" 00000001");
    }
    assertThat(decode(CALL + " 00000001 00000058 " + body + NO_AUTH))
        .isEqualTo(denied(AuthStatus.BAD_CREDENTIAL));
  }

  @Test
  void aCredentialThatIsNoXdrIsRefused() {
    assertThat(decode(CALL + " 00000001 00000004 00000009" + NO_AUTH))
        .isEqualTo(denied(AuthStatus.BAD_CREDENTIAL));
  }

  @Test
  void aCredentialOfAnotherFlavorIsRejected() {
    assertThat(decode(CALL + " 00000006 00000004 00000009" + NO_AUTH))
        .isEqualTo(denied(AuthStatus.REJECTED_CREDENTIAL));
  }

  @Test
  void authenticationAbove400BytesIsRefused() {
    assertThat(decode(CALL + " 00000001 00000191" + "00".repeat(404) + NO_AUTH))
        .isEqualTo(denied(AuthStatus.BAD_CREDENTIAL));
    assertThat(decode(CALL + NO_AUTH + " 00000000 00000191" + "00".repeat(404)))
        .isEqualTo(denied(AuthStatus.BAD_VERIFIER));
  }

  @Test
  void anotherVersionOfRpcIsRefused() {
    assertThat(decode("00000011 00000000 00000003 000186a3"))
        .isEqualTo(refused(new RpcReply.RpcMismatch(0x11)));
  }

  @Test
  void aHeaderThatEndsTooEarlyIsGarbage() {
    assertThat(decode("00000011 00000000 00000002 000186a3"))
        .isEqualTo(refused(new RpcReply.GarbageArguments(0x11)));
    assertThat(decode("00000011 00000000")).isEqualTo(refused(new RpcReply.GarbageArguments(0x11)));
  }

  @Test
  void whatIsNoCallIsIgnored() {
    assertThat(decode("")).isInstanceOf(RpcMessage.Ignored.class);
    assertThat(decode("00000011 000000")).isInstanceOf(RpcMessage.Ignored.class);
    assertThat(decode("00000011 00000001 00000000")).isInstanceOf(RpcMessage.Ignored.class);
    assertThat(decode("00000011 00000002 00000000")).isInstanceOf(RpcMessage.Ignored.class);
  }

  @Test
  void everyPrefixOfACallIsSomething() {
    byte[] whole = HexFormat.of().parseHex((CALL + SYS + NO_AUTH).replace(" ", ""));
    for (int length = 0; length < whole.length; length++) {
      RpcMessage message = RpcHeaderCodec.decode(new XdrReader(ByteBuffer.wrap(whole, 0, length)));
      assertThat(message).isNotInstanceOf(RpcMessage.Call.class);
    }
  }

  @Test
  void rubbishIsSomething() {
    Random random = Seeds.random("RpcHeaderCodecTest.rubbishIsSomething");
    byte[] good = HexFormat.of().parseHex((CALL + SYS + NO_AUTH).replace(" ", ""));
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int k = random.nextInt(1, 6); k > 0; k--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(RpcHeaderCodec.decode(new XdrReader(ByteBuffer.wrap(bad)))).isNotNull();
      } catch (XdrException escaped) {
        throw new AssertionError(HexFormat.of().formatHex(bad), escaped);
      }
    }
  }

  // --- replies

  private static void assertEncoded(RpcReply reply, String hex) {
    XdrWriter writer = new XdrWriter(64);
    RpcHeaderCodec.encode(reply, writer);
    assertThat(HexFormat.of().formatHex(writer.toBytes())).isEqualTo(hex.replace(" ", ""));
  }

  @Test
  void repliesInBytes() {
    String accepted = "00000011 00000001 00000000 00000000 00000000 ";
    assertEncoded(new RpcReply.Success(0x11), accepted + "00000000");
    assertEncoded(new RpcReply.ProgramUnavailable(0x11), accepted + "00000001");
    assertEncoded(
        new RpcReply.ProgramMismatch(0x11, 4, 4), accepted + "00000002 00000004 00000004");
    assertEncoded(new RpcReply.ProcedureUnavailable(0x11), accepted + "00000003");
    assertEncoded(new RpcReply.GarbageArguments(0x11), accepted + "00000004");
    assertEncoded(new RpcReply.SystemError(0x11), accepted + "00000005");
    String denied = "00000011 00000001 00000001 ";
    assertEncoded(new RpcReply.RpcMismatch(0x11), denied + "00000000 00000002 00000002");
    assertEncoded(
        new RpcReply.AuthenticationError(0x11, AuthStatus.BAD_CREDENTIAL),
        denied + "00000001 00000001");
    assertEncoded(
        new RpcReply.AuthenticationError(0x11, AuthStatus.TOO_WEAK), denied + "00000001 00000005");
  }
}
