package io.forebay.nfs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testkit.Seeds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 5531 section 11. Leaks are found by Netty's detector, and by the memory that is not back. */
class RecordMarkDecoderTest {
  private static final int MAX = 100_000;
  private static final int LAST = 0x8000_0000;

  private final RequestMemory memory = new RequestMemory(2 * MAX);
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ReadGate gate = new ReadGate(channel);

  RecordMarkDecoderTest() {
    decode(channel, gate);
  }

  private void decode(EmbeddedChannel from, ReadGate by) {
    from.pipeline().addLast(new RecordMarkDecoder(MAX, by, memory));
    channels.add(from);
  }

  @AfterEach
  void everythingIsGivenBack() {
    for (EmbeddedChannel each : channels) {
      for (byte[] unread = next(each); unread.length > 0; ) {
        unread = next(each);
      }
      var _ = each.close();
      each.runPendingTasks();
    }
    assertThat(memory.used()).isZero();
  }

  private static byte[] fragment(boolean last, byte[] content) {
    return ByteBuffer.allocate(4 + content.length)
        .putInt((last ? LAST : 0) | content.length)
        .put(content)
        .array();
  }

  private static void arrive(EmbeddedChannel at, byte[] bytes) {
    boolean unused = at.writeInbound(Unpooled.copiedBuffer(bytes));
  }

  /** The next record's bytes; none when there is no record. */
  private static byte[] next(EmbeddedChannel from) {
    ReceivedRecord record = from.readInbound();
    if (record == null) {
      return new byte[0];
    }
    try (record) {
      return ByteBufUtil.getBytes(record.bytes());
    }
  }

  @Test
  void aRecordInOneFragmentIsEmitted() {
    byte[] content = Seeds.bytesOf(1, 50);
    arrive(channel, fragment(true, content));
    assertThat(next(channel)).isEqualTo(content);
  }

  @Test
  void anEmptyRecordIsARecord() {
    arrive(channel, fragment(true, new byte[0]));
    ReceivedRecord record = channel.readInbound();
    assertThat(record.bytes().isReadable()).isFalse();
    record.close();
  }

  @Test
  void recordsComeOutWholeHoweverTheyComeIn() {
    Random random = Seeds.random("RecordMarkDecoderTest.recordsComeOutWholeHoweverTheyComeIn");
    List<byte[]> records = new ArrayList<>();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int i = 0; i < 200; i++) {
      byte[] content = Seeds.bytes(random, random.nextInt(random.nextBoolean() ? 50 : 40_000) + 1);
      records.add(content);
      int at = 0;
      while (random.nextInt(3) > 0) {
        int length = random.nextInt(content.length - at + 1);
        stream.writeBytes(fragment(false, Arrays.copyOfRange(content, at, at + length)));
        at += length;
      }
      stream.writeBytes(fragment(true, Arrays.copyOfRange(content, at, content.length)));
    }
    byte[] bytes = stream.toByteArray();
    int read = 0;
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(random.nextInt(1, 20_000), bytes.length - at);
      arrive(channel, Arrays.copyOfRange(bytes, at, at + length));
      at += length;
      for (byte[] record = next(channel); record.length > 0; record = next(channel)) {
        assertThat(record).isEqualTo(records.get(read));
        read++;
        // Its memory lets a record that waits go on.
        channel.runPendingTasks();
      }
    }
    assertThat(read).isEqualTo(records.size());
  }

  @Test
  void aRecordAboveTheBoundEndsTheConnection() {
    arrive(channel, ByteBuffer.allocate(4).putInt(LAST | MAX + 1).array());
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void theBoundIsTheWholeRecords() {
    arrive(channel, fragment(false, new byte[MAX - 10]));
    assertThat(channel.isOpen()).isTrue();
    arrive(channel, fragment(true, new byte[11]));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aRecordOfTheGreatestLengthIsTaken() {
    byte[] content = Seeds.bytesOf(2, MAX);
    arrive(channel, fragment(true, content));
    assertThat(next(channel)).isEqualTo(content);
  }

  @Test
  void fragmentsWithoutEndAreNotFollowed() {
    for (int i = 0; i < 1023; i++) {
      arrive(channel, fragment(false, new byte[0]));
    }
    assertThat(channel.isOpen()).isTrue();
    arrive(channel, fragment(false, new byte[0]));
    arrive(channel, fragment(false, new byte[0]));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void nothingAfterALostRecordIsRead() {
    byte[] good = fragment(true, new byte[5]);
    arrive(channel, ByteBuffer.allocate(4 + good.length).putInt(-1).put(good).array());
    assertThat(next(channel)).isEmpty();
  }

  @Test
  void aBufferFollowsWhatArrivesNotWhatIsAnnounced() {
    CountingAllocator allocator = new CountingAllocator();
    channel.config().setAllocator(allocator);
    arrive(channel, ByteBuffer.allocate(14).putInt(LAST | MAX).array());
    assertThat(allocator.capacity()).as("for ten bytes of 100,000").isLessThanOrEqualTo(16 << 10);
    arrive(channel, new byte[20_000]);
    assertThat(allocator.capacity()).isLessThanOrEqualTo(4 * 20_010);
    assertThat(memory.used()).as("reserved as announced").isEqualTo(MAX);
  }

  // --- the gate

  @Test
  void nothingIsEmittedWhileTheGateIsShutAndNothingIsLost() {
    gate.shut(ReadGate.Reason.IN_FLIGHT);
    arrive(channel, fragment(true, new byte[] {1}));
    arrive(channel, fragment(true, new byte[] {2}));
    assertThat(next(channel)).isEmpty();
    gate.open(ReadGate.Reason.IN_FLIGHT);
    assertThat(next(channel)).containsExactly(1);
    assertThat(next(channel)).containsExactly(2);
  }

  @Test
  void oneReasonIsEnoughToStayShut() {
    gate.shut(ReadGate.Reason.IN_FLIGHT);
    gate.shut(ReadGate.Reason.UNSENT);
    arrive(channel, fragment(true, new byte[] {1}));
    gate.open(ReadGate.Reason.IN_FLIGHT);
    assertThat(next(channel)).isEmpty();
    assertThat(channel.config().isAutoRead()).isFalse();
    gate.open(ReadGate.Reason.UNSENT);
    assertThat(next(channel)).containsExactly(1);
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void bytesHeldAtTheEndAreGivenBack() {
    gate.shut(ReadGate.Reason.IN_FLIGHT);
    ByteBuf held = Unpooled.copiedBuffer(fragment(true, new byte[] {1}));
    boolean unused = channel.writeInbound(held);
    var _ = channel.close();
    channel.runPendingTasks();
    assertThat(held.refCnt()).isZero();
  }

  // --- memory

  @Test
  void aLongRecordWaitsForRoomAndAShortOneDoesNot() {
    assertThat(memory.reserve(2 * MAX - 20_000, () -> {}))
        .isInstanceOf(RequestMemory.Outcome.Now.class);
    byte[] content = Seeds.bytesOf(3, 50_000);
    arrive(channel, fragment(true, content));
    assertThat(next(channel)).isEmpty();
    assertThat(channel.config().isAutoRead()).isFalse();

    EmbeddedChannel other = new EmbeddedChannel();
    decode(other, new ReadGate(other));
    arrive(other, fragment(true, new byte[] {7}));
    assertThat(next(other)).containsExactly(7);

    memory.release(2 * MAX - 20_000);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
    ReceivedRecord record = channel.readInbound();
    assertThat(memory.used()).isEqualTo(50_000);
    record.close();
    assertThat(memory.used()).isZero();
  }

  @Test
  void aConnectionThatEndsWhileItWaitsTakesNoRoom() {
    assertThat(memory.reserve(2 * MAX, () -> {})).isInstanceOf(RequestMemory.Outcome.Now.class);
    arrive(channel, fragment(true, new byte[50_000]));
    var _ = channel.close();
    channel.runPendingTasks();
    memory.release(2 * MAX);
    channel.runPendingTasks();
    assertThat(memory.used()).isZero();
  }

  @Test
  void aConnectionThatEndsAsItsRoomComesGivesItBack() {
    assertThat(memory.reserve(2 * MAX, () -> {})).isInstanceOf(RequestMemory.Outcome.Now.class);
    arrive(channel, fragment(true, new byte[50_000]));
    memory.release(2 * MAX);
    assertThat(memory.used()).as("granted, not yet heard of").isEqualTo(50_000);
    var unused = channel.pipeline().remove(RecordMarkDecoder.class);
    channel.runPendingTasks();
    assertThat(memory.used()).isZero();
  }

  @Test
  void aRecordInFragmentsReservesTheMostItCouldBe() {
    arrive(channel, fragment(false, new byte[10]));
    assertThat(memory.used()).isEqualTo(MAX);
    arrive(channel, fragment(true, new byte[10]));
    assertThat(next(channel)).hasSize(20);
  }

  @Test
  void aRecordCutOffGivesItsMemoryBack() {
    arrive(channel, WireClient.prefix(fragment(true, new byte[50_000]), 30_000));
    assertThat(memory.used()).isEqualTo(50_000);
    var _ = channel.close();
    channel.runPendingTasks();
    assertThat(memory.used()).isZero();
  }
}
