package io.forebay.s3.http;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns payloads into what a channel writes. Long runs go as they are (file regions, wrapped
 * memory), so the payload has to stay open until they are written; short ones are copied, together.
 * Reads files: runs on the request's thread.
 */
final class PayloadMessages {
  /** Below it copying is cheaper than a file region: 13 us a request against 22. */
  static final int MIN_REGION_BYTES = 32 << 10;

  private static final int ZEROES_BYTES = 64 << 10;
  private static final ByteBuf ZEROES =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(ZEROES_BYTES).writeZero(ZEROES_BYTES))
          .asReadOnly();

  private final ByteBufAllocator allocator;
  private final boolean regions;

  /**
   * For one channel.
   *
   * @param regions whether file regions may be written: not when the channel encrypts
   */
  PayloadMessages(ByteBufAllocator allocator, boolean regions) {
    this.allocator = allocator;
    this.regions = regions;
  }

  /**
   * Messages in order, each owned by the caller.
   *
   * @throws EngineException {@link ErrorCode#IO} when a file cannot be read
   */
  List<Object> of(Payload payload) {
    List<Object> messages = new ArrayList<>();
    boolean done = false;
    try {
      List<Payload.Part> parts = payload.parts();
      for (int i = 0; i < parts.size(); ) {
        int end = i;
        int copied = 0;
        while (end < parts.size() && isCopied(parts.get(end))) {
          copied += parts.get(end).length();
          end++;
        }
        if (end > i) {
          ByteBuf copy = allocator.directBuffer(copied, copied);
          messages.add(copy);
          for (; i < end; i++) {
            copy(parts.get(i), copy);
          }
        } else {
          addWhole(parts.get(i), messages);
          i++;
        }
      }
      done = true;
      return messages;
    } finally {
      if (!done) {
        messages.forEach(ReferenceCountUtil::release);
      }
    }
  }

  private boolean isCopied(Payload.Part part) {
    return switch (part) {
      case Payload.Memory memory -> memory.length() < MIN_REGION_BYTES;
      case Payload.FileRange range ->
          range.length() < MIN_REGION_BYTES || !regions || !isOfTheJdk(range.channel());
      case Payload.Zeroes zeroes -> zeroes.length() < MIN_REGION_BYTES;
    };
  }

  /**
   * Native code takes the descriptor out of the JDK's class; in any other it would reach blindly.
   */
  private static boolean isOfTheJdk(FileChannel channel) {
    return channel.getClass().getModule() == FileChannel.class.getModule();
  }

  private static void copy(Payload.Part part, ByteBuf target) {
    switch (part) {
      case Payload.Memory memory -> target.writeBytes(memory.bytes().duplicate());
      case Payload.Zeroes zeroes -> target.writeZero(zeroes.length());
      case Payload.FileRange range ->
          copy(range.channel(), range.position(), range.length(), target);
    }
  }

  private static void copy(FileChannel file, long position, int length, ByteBuf target) {
    int copied = 0;
    while (copied < length) {
      int n;
      try {
        n = target.writeBytes(file, position + copied, length - copied);
      } catch (IOException e) {
        throw new EngineException(ErrorCode.IO, "cannot read a local file", e);
      }
      if (n < 0) {
        throw new EngineException(ErrorCode.IO, "a local file is shorter than its index says");
      }
      copied += n;
    }
  }

  private static void addWhole(Payload.Part part, List<Object> messages) {
    switch (part) {
      case Payload.Memory memory ->
          messages.add(Unpooled.wrappedBuffer(memory.bytes().asReadOnlyBuffer()));
      case Payload.FileRange range ->
          messages.add(new UnownedFileRegion(range.channel(), range.position(), range.length()));
      case Payload.Zeroes zeroes -> {
        for (int left = zeroes.length(); left > 0; left -= ZEROES_BYTES) {
          messages.add(ZEROES.slice(0, Math.min(left, ZEROES_BYTES)));
        }
      }
    }
  }
}
