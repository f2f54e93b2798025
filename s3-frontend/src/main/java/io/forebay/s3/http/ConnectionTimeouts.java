package io.forebay.s3.http;

import io.forebay.ambient.TimeSource;
import io.forebay.s3.S3Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long a connection has been in one state. On its event loop only. */
final class ConnectionTimeouts {
  /** What a connection waits for. */
  enum Phase {
    /** A request. */
    IDLE,
    /** The rest of a request's head. */
    HEAD,
    /** An answer; or bytes of a body, which have a time of their own. */
    EXCHANGE,
    /** The rest of a body that nobody wants. */
    DRAIN
  }

  private static final long LONGEST_TICK_MILLIS = 5_000;
  private static final long SHORTEST_TICK_MILLIS = 20;

  private final S3Limits limits;
  private final TimeSource time;
  private Phase phase = Phase.IDLE;
  private long sinceNanos;

  // What was waiting to be written when that last changed.
  private long pendingBytes;
  private long progress;
  private long stalledSinceNanos;

  ConnectionTimeouts(S3Limits limits, TimeSource time) {
    this.limits = limits;
    this.time = time;
    this.sinceNanos = time.monotonicNanos();
  }

  Phase phase() {
    return phase;
  }

  void enter(Phase next) {
    phase = next;
    sinceNanos = time.monotonicNanos();
  }

  /** How often to look. */
  long tickMillis() {
    long shortest = Long.MAX_VALUE;
    for (Duration each :
        new Duration[] {
          limits.idleTimeout(), limits.headTimeout(), limits.bodyTimeout(), limits.writeTimeout()
        }) {
      shortest = Math.min(shortest, each.toMillis());
    }
    return Math.clamp(shortest / 4, SHORTEST_TICK_MILLIS, LONGEST_TICK_MILLIS);
  }

  /** Whether the connection's time is up, for a reason that leaves nobody to answer. */
  boolean isOver(Channel channel) {
    long now = time.monotonicNanos();
    boolean over =
        switch (phase) {
          case IDLE -> isLonger(now - sinceNanos, limits.idleTimeout());
          case HEAD -> isLonger(now - sinceNanos, limits.headTimeout());
          case DRAIN -> isLonger(now - sinceNanos, limits.bodyTimeout());
          case EXCHANGE -> false;
        };
    return over || isStalled(channel, now);
  }

  /** Whether a reader has waited too long for bytes of {@code body}. */
  boolean isBodyLate(QueuedBody body) {
    return isLonger(body.waitedNanos(time.monotonicNanos()), limits.bodyTimeout());
  }

  private boolean isStalled(Channel channel, long now) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer == null || buffer.isEmpty()) {
      pendingBytes = 0;
      stalledSinceNanos = now;
      return false;
    }
    if (buffer.totalPendingWriteBytes() != pendingBytes || buffer.currentProgress() != progress) {
      pendingBytes = buffer.totalPendingWriteBytes();
      progress = buffer.currentProgress();
      stalledSinceNanos = now;
    }
    return isLonger(now - stalledSinceNanos, limits.writeTimeout());
  }

  private static boolean isLonger(long nanos, Duration bound) {
    return nanos > TimeUnit.NANOSECONDS.convert(bound);
  }
}
