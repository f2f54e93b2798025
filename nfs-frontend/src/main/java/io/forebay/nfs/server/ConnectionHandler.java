package io.forebay.nfs.server;

import io.forebay.nfs.session.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes records, has each worked on, writes the answers. A request counts from its
 * arrival to the moment its answer has left, so a client that does not read its answers stops being
 * read itself. All methods but {@link #answer} and {@link #finished} run on the event loop.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionHandler.class);

  private final Channel channel;
  private final Connection connection;
  private final RequestDispatcher dispatcher;
  private final int maxInFlight;
  private final Consumer<Connection> whenGone;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean draining;

  /**
   * @param maxInFlight requests at which the connection is not read any more
   * @param whenGone hears of the end of the connection; must not block
   */
  ConnectionHandler(
      Channel channel,
      Connection connection,
      RequestDispatcher dispatcher,
      int maxInFlight,
      Consumer<Connection> whenGone) {
    this.channel = channel;
    this.connection = connection;
    this.dispatcher = dispatcher;
    this.maxInFlight = maxInFlight;
    this.whenGone = whenGone;
  }

  Connection connection() {
    return connection;
  }

  Channel channel() {
    return channel;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf record = (ByteBuf) message;
    if (draining) {
      // Not started: the client sends it again, to the next start.
      record.release();
      return;
    }
    // What one read of the socket brings is taken whole, so the bound may be passed by that much.
    int now = inFlight.incrementAndGet();
    if (now >= maxInFlight || dispatcher.isSaturated()) {
      channel.config().setAutoRead(false);
    }
    dispatcher.dispatch(this, record);
  }

  /** Finish what is under way, and take nothing more. */
  void drain() {
    draining = true;
    channel.config().setAutoRead(false);
    closeIfDrained();
  }

  private void closeIfDrained() {
    if (draining && inFlight.get() == 0) {
      var _ = channel.close();
    }
  }

  /**
   * Writes an answer, from any thread.
   *
   * @param messages the channel's from here on
   * @param settled runs once, when the last byte has left or cannot leave
   */
  void answer(List<Object> messages, Runnable settled) {
    try {
      channel.eventLoop().execute(() -> writeNow(messages, settled));
    } catch (RejectedExecutionException stopped) {
      messages.forEach(ReferenceCountUtil::release);
      settled.run();
    }
  }

  private void writeNow(List<Object> messages, Runnable settled) {
    int last = messages.size() - 1;
    for (int i = 0; i < last; i++) {
      var _ = channel.write(messages.get(i));
    }
    ChannelFuture future = channel.writeAndFlush(messages.get(last));
    future.addListener(done -> {
      settled.run();
      if (!done.isSuccess()) {
        // Half a record may have left: nothing after it would be understood.
        var _ = channel.close();
      }
    });
  }

  /** A request is over, its answer settled; from any thread. */
  void finished() {
    int left = inFlight.decrementAndGet();
    if (draining) {
      if (left == 0) {
        var _ = channel.close();
      }
    } else if (left <= maxInFlight / 2 && !channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    whenGone.accept(connection);
    var _ = context.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && inFlight.get() == 0) {
      log.debug("{} is idle: closed", channel.remoteAddress());
      var _ = context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      log.debug("{}: {}", channel.remoteAddress(), cause.toString());
    } else {
      log.error("a defect on the connection of {}", channel.remoteAddress(), cause);
    }
    var _ = context.close();
  }
}
