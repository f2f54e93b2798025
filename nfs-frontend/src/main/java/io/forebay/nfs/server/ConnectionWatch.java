package io.forebay.nfs.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection that holds on to memory and gets nowhere: one whose client begins a record
 * and does not end it, or does not take a byte of its answers, for between one and two periods. One
 * that is merely idle is closed much later. Belongs to the connection's event loop.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
  static final Duration PERIOD = Duration.ofSeconds(60);

  /** Clients close idle connections after five minutes themselves. */
  static final int IDLE_PERIODS = 15;

  private static final Logger log = LoggerFactory.getLogger(ConnectionWatch.class);

  private final RecordMarkDecoder decoder;
  private final ConnectionHandler handler;
  private final ReadGate gate;
  private @Nullable Future<?> schedule;
  private long records = -1;
  private long settled = -1;
  private long progress = -1;
  private boolean wasInRecord;
  private boolean wasSending;
  private int idlePeriods;

  ConnectionWatch(RecordMarkDecoder decoder, ConnectionHandler handler, ReadGate gate) {
    this.decoder = decoder;
    this.handler = handler;
    this.gate = gate;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    schedule =
        context
            .executor()
            .scheduleWithFixedDelay(
                () -> look(context.channel()),
                PERIOD.toSeconds(),
                PERIOD.toSeconds(),
                TimeUnit.SECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    Future<?> scheduled = schedule;
    if (scheduled != null) {
      var _ = scheduled.cancel(false);
    }
  }

  private void look(Channel channel) {
    boolean inRecord = decoder.isInRecord() && gate.isOpen();
    if (inRecord && wasInRecord && decoder.records() == records) {
      close(channel, "it does not end a record");
      return;
    }
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    boolean sending = out != null && !out.isEmpty();
    long sent = sending ? out.currentProgress() : 0;
    if (sending && wasSending && handler.settled() == settled && sent == progress) {
      close(channel, "it does not take its answers");
      return;
    }
    boolean idle = decoder.records() == records && handler.inFlight() == 0 && !inRecord;
    idlePeriods = idle ? idlePeriods + 1 : 0;
    if (idlePeriods >= IDLE_PERIODS) {
      close(channel, "it is idle");
      return;
    }
    wasInRecord = inRecord;
    wasSending = sending;
    records = decoder.records();
    settled = handler.settled();
    progress = sent;
  }

  private static void close(Channel channel, String why) {
    log.info("the connection of {} is closed: {}", channel.remoteAddress(), why);
    var _ = channel.close();
  }
}
