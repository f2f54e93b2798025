package io.forebay.nfs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much of a client's requests is taken at once, and what becomes of its answers. */
class ConnectionHandlerTest {
  private final RequestMemory memory = new RequestMemory(1 << 20);
  private final StandIn server = new StandIn();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ReadGate gate = new ReadGate(channel);
  private final ConnectionHandler handler = server.handler(channel, gate);

  ConnectionHandlerTest() {
    channel.pipeline().addLast(new RecordMarkDecoder(1000, gate, memory), handler);
  }

  @AfterEach
  void close() {
    server.finishAll();
    channel.runPendingTasks();
    var unused = channel.finishAndReleaseAll();
  }

  private void arrive(int records) {
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < records; i++) {
      all.writeInt(0x8000_0001).writeByte(i);
    }
    boolean unused = channel.writeInbound(all);
  }

  private void finish(int requests) {
    for (int i = 0; i < requests; i++) {
      server.finishOne();
    }
    channel.runPendingTasks();
  }

  @Test
  void requestsInFlightAreBoundedHoweverManyArriveAtOnce() {
    arrive(20);
    assertThat(server.taken()).isEqualTo(StandIn.MAX_IN_FLIGHT);
    assertThat(channel.config().isAutoRead()).isFalse();

    finish(1);
    assertThat(server.taken()).as("not one by one").isEqualTo(StandIn.MAX_IN_FLIGHT);
    finish(1);
    assertThat(server.taken()).isEqualTo(StandIn.MAX_IN_FLIGHT + 2);
    for (int i = 0; i < 9; i++) {
      finish(2);
    }
    assertThat(server.taken()).isEqualTo(20);
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void aSaturatedServerTakesOneRequestOfAConnection() {
    server.saturate(true);
    arrive(3);
    assertThat(server.taken()).isEqualTo(1);
    finish(1);
    assertThat(server.taken()).isEqualTo(2);
    server.saturate(false);
    finish(1);
    assertThat(server.taken()).isEqualTo(3);
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void anAnswerSettlesItsRequestWhenItHasLeft() {
    arrive(1);
    AtomicInteger done = new AtomicInteger();
    handler.answer(
        List.of(Unpooled.wrappedBuffer(new byte[] {1}), Unpooled.wrappedBuffer(new byte[] {2})),
        done::incrementAndGet);
    channel.runPendingTasks();
    assertThat(done).hasValue(1);
    assertThat(handler.inFlight()).isZero();
    for (int expected = 1; expected <= 2; expected++) {
      ByteBuf sent = channel.readOutbound();
      assertThat(sent.readByte()).isEqualTo((byte) expected);
      sent.release();
    }
    arrive(1);
    channel.runPendingTasks();
  }

  @Test
  void anAnswerThatCannotLeaveSettlesItsRequestAndEndsTheConnection() {
    channel
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext context, Object message, ChannelPromise to) {
                ((ByteBuf) message).release();
                to.setFailure(new IOException("the peer is gone"));
              }
            });
    arrive(1);
    AtomicInteger done = new AtomicInteger();
    handler.answer(List.of(Unpooled.wrappedBuffer(new byte[9])), done::incrementAndGet);
    channel.runPendingTasks();
    assertThat(done).hasValue(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(server.gone()).isEqualTo(1);
  }

  @Test
  void aClientThatDoesNotTakeItsAnswersIsNotRead() {
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(10, 20));
    arrive(1);
    var unused = channel.write(Unpooled.wrappedBuffer(new byte[500]));
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isFalse();
    arrive(1);
    assertThat(server.taken()).isEqualTo(1);

    channel.flush();
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(server.taken()).isEqualTo(2);
  }

  @Test
  void drainingWaitsForWhatIsUnderWayAndTakesNothingMore() {
    arrive(2);
    handler.drain();
    arrive(3);
    assertThat(server.taken()).isEqualTo(2);
    finish(1);
    assertThat(channel.isOpen()).isTrue();
    finish(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(server.taken()).isEqualTo(2);
  }

  @Test
  void drainingAnIdleConnectionClosesIt() {
    handler.drain();
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(server.gone()).isEqualTo(1);
  }
}
