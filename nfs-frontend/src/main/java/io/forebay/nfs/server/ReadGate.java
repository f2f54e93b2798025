package io.forebay.nfs.server;

import io.netty.channel.Channel;
import java.util.EnumSet;
import java.util.Set;

/** Whether a connection is read, and why not. Belongs to the connection's event loop. */
final class ReadGate {
  /** What keeps a connection from being read. */
  enum Reason {
    /** There is no room for the next request. */
    MEMORY,
    /** As many requests as there may be are worked on, or their answers wait to be sent. */
    IN_FLIGHT,
    /** The client does not take the answers it has. */
    UNSENT,
    /** The server is stopping. */
    DRAINING
  }

  private final Channel channel;
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
  private Runnable whenOpen = () -> {};

  ReadGate(Channel channel) {
    this.channel = channel;
  }

  /** What to do first when the connection is read again. */
  void whenOpen(Runnable action) {
    whenOpen = action;
  }

  boolean isOpen() {
    return reasons.isEmpty();
  }

  boolean isShutFor(Reason reason) {
    return reasons.contains(reason);
  }

  void shut(Reason reason) {
    if (reasons.add(reason)) {
      channel.config().setAutoRead(false);
    }
  }

  void open(Reason reason) {
    if (reasons.remove(reason) && isOpen()) {
      whenOpen.run();
      if (isOpen()) {
        channel.config().setAutoRead(true);
      }
    }
  }
}
