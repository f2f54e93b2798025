package io.forebay.nfs.server;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Payload;
import io.forebay.nfs.handler.CompoundReply;
import io.forebay.nfs.rpc.RpcHeaderCodec;
import io.forebay.nfs.rpc.RpcReply;
import io.forebay.nfs.xdr.XdrWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns replies into what a channel writes: one record, in messages that are the channel's from
 * then on. Long runs of payloads go as they are (file regions, wrapped memory), so the reply has to
 * stay open until they are written; everything short is copied, together. Reads files: runs on the
 * request's thread.
 */
final class ReplyMessages {
  /** Below it copying is cheaper than a file region: 13 us a request against 22. */
  static final int MIN_REGION_BYTES = 32 << 10;

  private static final int LAST_FRAGMENT = 0x8000_0000;
  private static final int MAX_HEADER_BYTES = 64;
  private static final int FIRST_ALLOCATION = 256;

  private final ByteBufAllocator allocator;
  private final List<Object> messages = new ArrayList<>();
  private ByteBuf open;

  private ReplyMessages(ByteBufAllocator allocator, int firstBytes) {
    this.allocator = allocator;
    this.open = allocator.directBuffer(firstBytes);
  }

  /** A reply without results. */
  static List<Object> of(ByteBufAllocator allocator, RpcReply reply) {
    return encode(allocator, reply, null);
  }

  /**
   * A reply with results.
   *
   * @param body not closed here
   * @throws EngineException {@link ErrorCode#IO} when a file cannot be read
   */
  static List<Object> of(ByteBufAllocator allocator, RpcReply.Success reply, CompoundReply body) {
    return encode(allocator, reply, body);
  }

  private static List<Object> encode(
      ByteBufAllocator allocator, RpcReply reply, @Nullable CompoundReply body) {
    XdrWriter header = new XdrWriter(MAX_HEADER_BYTES);
    RpcHeaderCodec.encode(reply, header);
    int size = header.size() + (body == null ? 0 : body.size());
    int copied = header.size() + (body == null ? 0 : body.written().remaining());
    ReplyMessages out =
        new ReplyMessages(allocator, Math.max(FIRST_ALLOCATION, copied + Integer.BYTES));
    boolean done = false;
    try {
      out.open.writeInt(size | LAST_FRAGMENT);
      out.open.writeBytes(header.written());
      if (body != null) {
        out.add(body);
      }
      done = true;
      return out.finish();
    } finally {
      if (!done) {
        out.abandon();
      }
    }
  }

  private void add(CompoundReply body) {
    ByteBuffer written = body.written();
    int at = 0;
    for (int i = 0; i < body.gaps().size(); i++) {
      int gap = body.gaps().get(i).position();
      open.writeBytes(written.slice(at, gap - at));
      at = gap;
      for (Payload.Part part : body.payloads().get(i).parts()) {
        add(part);
      }
    }
    open.writeBytes(written.slice(at, written.limit() - at));
  }

  private void add(Payload.Part part) {
    boolean whole = part.length() >= MIN_REGION_BYTES;
    switch (part) {
      case Payload.Memory memory when whole ->
          addMessage(Unpooled.wrappedBuffer(memory.bytes().asReadOnlyBuffer()));
      case Payload.Memory memory -> open.writeBytes(memory.bytes().duplicate());
      case Payload.FileRange range when whole -> {
        ColdRanges.bringIn(range, allocator);
        addMessage(new UnownedFileRegion(range.channel(), range.position(), range.length()));
      }
      case Payload.FileRange range -> copy(range.channel(), range.position(), range.length());
      case Payload.Zeroes zeroes -> open.writeZero(zeroes.length());
    }
  }

  private void copy(FileChannel file, long position, int length) {
    int copied = 0;
    while (copied < length) {
      int n;
      try {
        n = open.writeBytes(file, position + copied, length - copied);
      } catch (IOException e) {
        throw new EngineException(ErrorCode.IO, "cannot read a local file", e);
      }
      if (n < 0) {
        throw new EngineException(ErrorCode.IO, "a local file is shorter than its index says");
      }
      copied += n;
    }
  }

  private void addMessage(Object message) {
    messages.add(open);
    messages.add(message);
    open = allocator.directBuffer(FIRST_ALLOCATION);
  }

  private List<Object> finish() {
    messages.add(open);
    return messages;
  }

  private void abandon() {
    open.release();
    messages.forEach(ReferenceCountUtil::release);
  }
}
