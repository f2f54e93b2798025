package io.forebay.nfs.server;

import io.forebay.nfs.server.ReadGate.Reason;
import io.forebay.nfs.session.Connection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes records, has each worked on, writes the answers. A request counts from its
 * arrival to the moment its answer has left, so a client that does not read its answers stops being
 * read itself. Everything but {@link #answer} and {@link #finished} runs on the event loop.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionHandler.class);

  private final Channel channel;
  private final Connection connection;
  private final ReadGate gate;
  private final Requests requests;
  private final int maxInFlight;
  private final Consumer<Connection> whenGone;
  private int inFlight;
  private long settled;
  private boolean draining;

  /**
   * @param maxInFlight requests at which the connection is not read any more
   * @param whenGone hears of the end of the connection; must not block
   */
  ConnectionHandler(
      Channel channel,
      Connection connection,
      ReadGate gate,
      Requests requests,
      int maxInFlight,
      Consumer<Connection> whenGone) {
    this.channel = channel;
    this.connection = connection;
    this.gate = gate;
    this.requests = requests;
    this.maxInFlight = maxInFlight;
    this.whenGone = whenGone;
  }

  Connection connection() {
    return connection;
  }

  Channel channel() {
    return channel;
  }

  int inFlight() {
    return inFlight;
  }

  /** Requests that are over. */
  long settled() {
    return settled;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReceivedRecord record = (ReceivedRecord) message;
    inFlight++;
    if (inFlight >= maxInFlight || requests.isSaturated()) {
      gate.shut(Reason.IN_FLIGHT);
    }
    requests.dispatch(this, record);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      gate.open(Reason.UNSENT);
    } else {
      gate.shut(Reason.UNSENT);
    }
    var _ = context.fireChannelWritabilityChanged();
  }

  /**
   * Finish what is under way, and take nothing more. What has not begun the client sends again, to
   * the next start.
   */
  void drain() {
    draining = true;
    gate.shut(Reason.DRAINING);
    closeIfDrained();
  }

  private void closeIfDrained() {
    if (draining && inFlight == 0) {
      var _ = channel.close();
    }
  }

  /**
   * Writes an answer, from any thread. The request is {@link #finished} with it.
   *
   * @param messages the channel's from here on
   * @param done runs once, when the last byte has left or cannot leave
   */
  void answer(List<Object> messages, Runnable done) {
    try {
      channel.eventLoop().execute(() -> writeNow(messages, done));
    } catch (RejectedExecutionException stopped) {
      messages.forEach(ReferenceCountUtil::release);
      done.run();
    }
  }

  private void writeNow(List<Object> messages, Runnable done) {
    int last = messages.size() - 1;
    for (int i = 0; i < last; i++) {
      var _ = channel.write(messages.get(i));
    }
    ChannelFuture future = channel.writeAndFlush(messages.get(last));
    future.addListener(written -> {
      done.run();
      if (!written.isSuccess()) {
        // Half a record may have left: nothing after it would be understood.
        var _ = channel.close();
      }
      settle();
    });
  }

  /** A request is over without an answer; from any thread. */
  void finished() {
    try {
      channel.eventLoop().execute(this::settle);
    } catch (RejectedExecutionException stopped) {
      log.debug("{}: a request ended after its event loop", connection.address());
    }
  }

  private void settle() {
    inFlight--;
    settled++;
    if (inFlight <= maxInFlight / 2) {
      gate.open(Reason.IN_FLIGHT);
    }
    closeIfDrained();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    whenGone.accept(connection);
    var _ = context.fireChannelInactive();
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
