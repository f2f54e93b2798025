package io.forebay.nfs.server;

import io.forebay.nfs.session.Connection;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Queue;

/** Takes requests and does nothing with them until the test says so. */
final class StandIn implements Requests {
  static final int MAX_IN_FLIGHT = 4;

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean saturated;
  private int gone;
  private int taken;

  ConnectionHandler handler(Channel channel, ReadGate gate) {
    return new ConnectionHandler(
        channel,
        new Connection(1, InetAddress.getLoopbackAddress()),
        gate,
        this,
        MAX_IN_FLIGHT,
        connection -> gone++);
  }

  void saturate(boolean now) {
    saturated = now;
  }

  /** Requests taken so far. */
  int taken() {
    return taken;
  }

  /** Connections that ended. */
  int gone() {
    return gone;
  }

  /** Ends the oldest request that waits without an answer. */
  void finishOne() {
    waiting.remove().run();
  }

  void finishAll() {
    while (!waiting.isEmpty()) {
      finishOne();
    }
  }

  @Override
  public boolean isSaturated() {
    return saturated;
  }

  @Override
  public void dispatch(ConnectionHandler from, ReceivedRecord record) {
    taken++;
    waiting.add(() -> {
      record.close();
      from.finished();
    });
  }
}
