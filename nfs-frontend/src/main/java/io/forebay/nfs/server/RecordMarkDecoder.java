package io.forebay.nfs.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records together from fragments (RFC 5531 section 11): emits one contiguous {@link ByteBuf}
 * for each, the receiver's to release. Memory follows what has arrived, never what a header
 * announces. A record above the bound cannot be skipped in good faith: framing is given up and the
 * connection closed.
 */
final class RecordMarkDecoder extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(RecordMarkDecoder.class);
  private static final int LAST_FRAGMENT = 0x8000_0000;
  private static final int FIRST_ALLOCATION = 16 << 10;

  /** A buffer that is too small becomes this much larger than what has arrived. */
  private static final int GROWTH = 4;

  /** Fragments of one record; a client has no reason for more, and empty ones cost only us. */
  private static final int MAX_FRAGMENTS = 1024;

  private final int maxRecordBytes;
  private @Nullable ByteBuf record;
  private int markBytes;
  private int mark;
  private int fragmentLeft;
  private int fragments;
  private boolean inFragment;
  private boolean lost;

  RecordMarkDecoder(int maxRecordBytes) {
    this.maxRecordBytes = maxRecordBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (!lost && in.isReadable()) {
        if (inFragment) {
          readFragment(context, in);
        } else {
          readMark(context, in);
        }
      }
    } finally {
      in.release();
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
    if (length == 0) {
      endFragment(context);
    }
  }

  private void giveUp(ChannelHandlerContext context, int length) {
    lost = true;
    log.debug(
        "{}: a record with a fragment of {} bytes is too long; the connection is closed",
        context.channel().remoteAddress(),
        length);
    dropRecord();
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
    ByteBuf whole = record == null ? context.alloc().directBuffer(0) : record;
    record = null;
    var _ = context.fireChannelRead(whole);
  }

  private void dropRecord() {
    if (record != null) {
      record.release();
      record = null;
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    dropRecord();
  }
}
