package io.forebay.nfs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets nowhere is cut off, and nobody else. */
class ConnectionWatchTest {
  private static final long PERIOD = ConnectionWatch.PERIOD.toSeconds();

  private final RequestMemory memory = new RequestMemory(1 << 20);
  private final StandIn server = new StandIn();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ReadGate gate = new ReadGate(channel);
  private final ConnectionHandler handler = server.handler(channel, gate);

  ConnectionWatchTest() {
    channel.freezeTime();
    RecordMarkDecoder decoder = new RecordMarkDecoder(1000, gate, memory);
    channel.pipeline().addLast(new ConnectionWatch(decoder, handler, gate), decoder, handler);
  }

  @AfterEach
  void close() {
    server.finishAll();
    channel.runPendingTasks();
    var unused = channel.finishAndReleaseAll();
  }

  private void passed(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private void arrive(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) bytes[i];
    }
    boolean unused = channel.writeInbound(Unpooled.wrappedBuffer(all));
  }

  @Test
  void aHalfSentRecordIsNotWaitedForForLong() {
    arrive(0x80, 0, 0, 9, 1, 2);
    passed(PERIOD);
    assertThat(channel.isOpen()).isTrue();
    arrive(3);
    passed(PERIOD);
    assertThat(channel.isOpen()).as("a byte now and then is not enough").isFalse();
  }

  @Test
  void aHalfSentMarkIsNotWaitedForEither() {
    arrive(0x80);
    passed(PERIOD);
    passed(PERIOD);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void recordsThatComeToTheirEndKeepTheConnection() {
    for (int i = 0; i < 40; i++) {
      arrive(0x80, 0, 0, 2, 1);
      passed(PERIOD);
      arrive(2);
      server.finishAll();
      channel.runPendingTasks();
    }
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aRecordThatTheServerDoesNotReadIsNotTheClientsFault() {
    arrive(0x80, 0, 0, 9, 1, 2);
    gate.shut(ReadGate.Reason.IN_FLIGHT);
    for (int i = 0; i < 5; i++) {
      passed(PERIOD);
    }
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void anIdleConnectionIsKeptForAWhile() {
    for (int i = 0; i < ConnectionWatch.IDLE_PERIODS; i++) {
      assertThat(channel.isOpen()).isTrue();
      passed(PERIOD);
    }
    passed(PERIOD);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aConnectionWithALongRequestIsNotIdle() {
    arrive(0x80, 0, 0, 1, 1);
    for (int i = 0; i < 3 * ConnectionWatch.IDLE_PERIODS; i++) {
      passed(PERIOD);
    }
    assertThat(channel.isOpen()).isTrue();
  }
}
