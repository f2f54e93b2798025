package io.forebay.nfs.server;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/** Remembers the last direct buffer it gave out. */
final class CountingAllocator extends AbstractByteBufAllocator {
  private final UnpooledByteBufAllocator real = new UnpooledByteBufAllocator(true);
  private ByteBuf last = Unpooled.EMPTY_BUFFER;

  CountingAllocator() {
    super(true);
  }

  /** Bytes that the last buffer takes now. */
  int capacity() {
    return last.capacity();
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return real.heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    last = real.directBuffer(initialCapacity, maxCapacity);
    return last;
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }
}
