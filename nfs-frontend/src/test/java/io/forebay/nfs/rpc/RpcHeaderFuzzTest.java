package io.forebay.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.forebay.nfs.xdr.XdrReader;
import java.nio.ByteBuffer;

/** RPC headers from anybody; see {@code CompoundFuzzTest} for how it is run. */
class RpcHeaderFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void anyBytesAreAMessage(byte[] bytes) {
    XdrReader reader = new XdrReader(ByteBuffer.wrap(bytes));
    switch (RpcHeaderCodec.decode(reader)) {
      case RpcMessage.Call call -> {
        assertThat(call.xid()).isEqualTo(ByteBuffer.wrap(bytes).getInt());
        if (call.credential() instanceof Credential.Sys sys) {
          assertThat(sys.groups().size()).isLessThanOrEqualTo(16);
        }
      }
      case RpcMessage.Refused refused ->
          assertThat(refused.reply().xid()).isEqualTo(ByteBuffer.wrap(bytes).getInt());
      case RpcMessage.Ignored ignored -> assertThat(ignored.reason()).isNotBlank();
    }
  }
}
