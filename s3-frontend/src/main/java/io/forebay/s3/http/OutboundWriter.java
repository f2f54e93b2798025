package io.forebay.s3.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Hands what a request's thread produced to the event loop, a few batches ahead of the client and
 * no more: that bounds what a client which does not read can hold. For one answer; used by the
 * request's thread.
 */
final class OutboundWriter {
  /** Hears, on the event loop, that the last byte of a batch left, or that it could not leave. */
  interface Settled {
    void settled(boolean success);
  }

  /** One on its way, one ready when that has left. */
  static final int MAX_OUTSTANDING = 2;

  private final Channel channel;
  private final Thread thread = Thread.currentThread();
  private final AtomicInteger outstanding = new AtomicInteger();
  private volatile boolean failed;

  OutboundWriter(Channel channel) {
    this.channel = channel;
  }

  /**
   * Writes in order, and flushes.
   *
   * @param messages one or more; ownership passes
   * @param settled is told once
   */
  void write(List<Object> messages, Settled settled) {
    outstanding.incrementAndGet();
    try {
      channel.eventLoop().execute(() -> writeNow(messages, settled));
    } catch (RejectedExecutionException stopped) {
      messages.forEach(ReferenceCountUtil::release);
      settle(false, settled);
    }
  }

  private void writeNow(List<Object> messages, Settled settled) {
    int last = messages.size() - 1;
    for (int i = 0; i < last; i++) {
      var _ = channel.write(messages.get(i));
    }
    ChannelFuture future = channel.writeAndFlush(messages.get(last));
    future.addListener(done -> settle(done.isSuccess(), settled));
  }

  private void settle(boolean success, Settled settled) {
    try {
      settled.settled(success);
    } finally {
      if (!success) {
        failed = true;
      }
      outstanding.decrementAndGet();
      LockSupport.unpark(thread);
    }
  }

  /** Waits until another batch may be written. Throws when the client is gone. */
  void awaitRoom() {
    await(MAX_OUTSTANDING - 1);
    if (failed) {
      throw new RequestAbortedException("the client went away while it was answered");
    }
  }

  /** Waits until everything has left or failed. */
  void awaitAll() {
    await(0);
  }

  private void await(int permitted) {
    while (outstanding.get() > permitted) {
      LockSupport.park(this);
      // Nobody interrupts requests; a stray interrupt must not turn this into a busy loop.
      Thread.interrupted();
    }
  }

  boolean hasFailed() {
    return failed;
  }
}
