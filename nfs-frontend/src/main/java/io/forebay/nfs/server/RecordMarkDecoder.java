package io.forebay.nfs.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records together from fragments (RFC 5531 section 11): emits one {@link ReceivedRecord} for
 * each, the receiver's to close. Buffers follow what has arrived, never what a header announces;
 * for a long record room is reserved before it is read. While the gate is shut nothing is decoded,
 * and what one read of the socket brought is held. A record above the bound cannot be skipped in
 * good faith: framing is given up and the connection closed.
 */
final class RecordMarkDecoder extends ChannelInboundHandlerAdapter {
  /** A record up to this length needs no reservation: requests in flight bound those. */
  static final int SHORT_RECORD_BYTES = 8 << 10;

  private static final Logger log = LoggerFactory.getLogger(RecordMarkDecoder.class);
  private static final int LAST_FRAGMENT = 0x8000_0000;
  private static final int FIRST_ALLOCATION = 16 << 10;

  /** A buffer that is too small becomes this much larger than what has arrived. */
  private static final int GROWTH = 4;

  /** Fragments of one record; a client has no reason for more, and empty ones cost only us. */
  private static final int MAX_FRAGMENTS = 1024;

  private final int maxRecordBytes;
  private final ReadGate gate;
  private final RequestMemory memory;
  private final Queue<ByteBuf> held = new ArrayDeque<>();
  private @Nullable ByteBuf record;
  private RequestMemory.@Nullable Claim claim;
  private int reserved;
  private int markBytes;
  private int mark;
  private int fragmentLeft;
  private int fragments;
  private long records;
  private boolean inFragment;
  private boolean decoding;
  private boolean over;

  RecordMarkDecoder(int maxRecordBytes, ReadGate gate, RequestMemory memory) {
    this.maxRecordBytes = maxRecordBytes;
    this.gate = gate;
    this.memory = memory;
  }

  /** Whole records so far. */
  long records() {
    return records;
  }

  /** Whether a record has begun and not ended. */
  boolean isInRecord() {
    return inFragment || markBytes > 0 || fragments > 0;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    gate.whenOpen(() -> decode(context));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (over) {
      ((ByteBuf) message).release();
      return;
    }
    held.add((ByteBuf) message);
    decode(context);
  }

  private void decode(ChannelHandlerContext context) {
    if (decoding) {
      return;
    }
    decoding = true;
    try {
      for (ByteBuf in = held.peek(); in != null; in = held.peek()) {
        while (!over && gate.isOpen() && in.isReadable()) {
          if (inFragment) {
            readFragment(context, in);
          } else {
            readMark(context, in);
          }
        }
        if (over || in.isReadable()) {
          return;
        }
        held.remove().release();
      }
    } finally {
      decoding = false;
      if (over) {
        dropAll();
      }
    }
  }

  private void readMark(ChannelHandlerContext context, ByteBuf in) {
    while (markBytes < Integer.BYTES && in.isReadable()) {
      mark = mark << Byte.SIZE | in.readUnsignedByte();
      markBytes++;
    }
    if (markBytes < Integer.BYTES) {
      return;
    }
    markBytes = 0;
    int length = mark & ~LAST_FRAGMENT;
    int before = record == null ? 0 : record.readableBytes();
    if (length > maxRecordBytes - before || ++fragments > MAX_FRAGMENTS) {
      giveUp(context, length);
      return;
    }
    fragmentLeft = length;
    inFragment = true;
    if (fragments == 1) {
      // Of a record in several fragments only the bound is known.
      reserve(context, (mark & LAST_FRAGMENT) != 0 ? length : maxRecordBytes);
    }
    if (length == 0) {
      endFragment(context);
    }
  }

  private void reserve(ChannelHandlerContext context, int bytes) {
    if (bytes <= SHORT_RECORD_BYTES) {
      return;
    }
    switch (memory.reserve(bytes, () -> granted(context, bytes))) {
      case RequestMemory.Outcome.Now now -> reserved = bytes;
      case RequestMemory.Outcome.Later later -> {
        claim = later.claim();
        gate.shut(ReadGate.Reason.MEMORY);
      }
    }
  }

  /** Any thread. */
  private void granted(ChannelHandlerContext context, int bytes) {
    try {
      context
          .executor()
          .execute(() -> {
            claim = null;
            if (over) {
              memory.release(bytes);
            } else {
              reserved = bytes;
              gate.open(ReadGate.Reason.MEMORY);
            }
          });
    } catch (RejectedExecutionException stopped) {
      memory.release(bytes);
    }
  }

  private void giveUp(ChannelHandlerContext context, int length) {
    over = true;
    log.debug(
        "{}: a record with a fragment of {} bytes is too long; the connection is closed",
        context.channel().remoteAddress(),
        length);
    var _ = context.close();
  }

  private void readFragment(ChannelHandlerContext context, ByteBuf in) {
    int count = Math.min(fragmentLeft, in.readableBytes());
    ByteBuf target = room(context, count);
    target.writeBytes(in, count);
    fragmentLeft -= count;
    if (fragmentLeft == 0) {
      endFragment(context);
    }
  }

  /** The record's buffer, with room for {@code count} more. */
  private ByteBuf room(ChannelHandlerContext context, int count) {
    ByteBuf present = record;
    int have = present == null ? 0 : present.readableBytes();
    if (present != null && present.writableBytes() >= count) {
      return present;
    }
    int announced = have + fragmentLeft;
    int wanted =
        Math.max(have + count, Math.min(announced, Math.max(FIRST_ALLOCATION, have * GROWTH)));
    if (present == null) {
      present = context.alloc().directBuffer(wanted, maxRecordBytes);
      record = present;
    } else {
      present.capacity(wanted);
    }
    return present;
  }

  private void endFragment(ChannelHandlerContext context) {
    inFragment = false;
    if ((mark & LAST_FRAGMENT) == 0) {
      return;
    }
    fragments = 0;
    records++;
    ByteBuf whole = record == null ? context.alloc().directBuffer(0) : record;
    ReceivedRecord received = new ReceivedRecord(whole, memory, reserved);
    record = null;
    reserved = 0;
    var _ = context.fireChannelRead(received);
  }

  private void dropAll() {
    if (record != null) {
      record.release();
      record = null;
    }
    for (ByteBuf in = held.poll(); in != null; in = held.poll()) {
      in.release();
    }
    RequestMemory.Claim waiting = claim;
    if (waiting != null && memory.cancel(waiting)) {
      claim = null;
    }
    if (reserved > 0) {
      memory.release(reserved);
      reserved = 0;
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    over = true;
    if (!decoding) {
      dropAll();
    }
  }
}
