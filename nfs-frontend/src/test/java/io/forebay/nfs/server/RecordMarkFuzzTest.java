package io.forebay.nfs.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

/** A byte stream from anybody; see {@code CompoundFuzzTest} for how it is run. */
class RecordMarkFuzzTest {
  private static final int MAX = 20_000;

  /** The first byte says how the rest is cut up on its way. */
  @FuzzTest(maxDuration = "60s")
  void anyStreamIsRecordsOrTheEnd(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    int piece = 1 + (bytes[0] & 0xff);
    RequestMemory memory = new RequestMemory(2 * MAX);
    EmbeddedChannel channel = new EmbeddedChannel();
    ReadGate gate = new ReadGate(channel);
    channel.pipeline().addLast(new RecordMarkDecoder(MAX, gate, memory));
    int emitted = 0;
    for (int at = 1; at < bytes.length && channel.isOpen(); at += piece) {
      ByteBuf in = Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at));
      boolean unused = channel.writeInbound(in);
      emitted += take(channel);
    }
    assertThat(emitted).isLessThan(bytes.length);
    var _ = channel.close();
    emitted += take(channel);
    assertThat(memory.used()).isZero();
  }

  /** Works on the records there are, and on those that waited for the memory of the others. */
  private static int take(EmbeddedChannel channel) {
    int bytes = 0;
    for (ReceivedRecord record = channel.readInbound();
        record != null;
        record = channel.readInbound()) {
      bytes += record.bytes().readableBytes();
      record.close();
      channel.runPendingTasks();
    }
    return bytes;
  }
}
