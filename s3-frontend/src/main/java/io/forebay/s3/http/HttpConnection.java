package io.forebay.s3.http;

import io.forebay.s3.http.ConnectionTimeouts.Phase;
import io.forebay.s3.http.MalformedRequestException.Reason;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: one request at a time, in order. What a client sends ahead waits in {@link
 * #pending}, and the socket is not read meanwhile. Runs on the event loop, except where it says
 * otherwise.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

  /** How long a closing connection listens, so that its answer is not lost to a reset. */
  private static final long LINGER_MILLIS = 2_000;

  private final Channel channel;
  private final ConnectionSettings settings;
  private final boolean secure;
  private final StrictRequestDecoder decoder;
  private final ConnectionTimeouts timeouts;
  private final InetSocketAddress remote;

  /** What belongs to requests after the current one, as one read of the socket brought it. */
  private final Queue<Object> pending = new ArrayDeque<>();

  private int pendingRequests;

  /** The request being answered. */
  private @Nullable ConnectionExchange current;

  /** The body being received: of the current request, or of one that is answered already. */
  private @Nullable QueuedBody receiving;

  private long drainedBytes;

  /** No request is taken any more. Read by other threads, to tell the client. */
  private volatile boolean ending;

  /** The last answer has left; what still comes is thrown away. */
  private boolean lingering;

  private volatile boolean readingPaused;
  private @Nullable Future<?> tick;

  HttpConnection(
      Channel channel, ConnectionSettings settings, boolean secure, StrictRequestDecoder decoder) {
    this.channel = channel;
    this.settings = settings;
    this.secure = secure;
    this.decoder = decoder;
    this.timeouts = new ConnectionTimeouts(settings.limits(), settings.time());
    this.remote =
        channel.remoteAddress() instanceof InetSocketAddress address
            ? address
            : InetSocketAddress.createUnresolved("gone", 0);
  }

  // --- what exchanges ask, from their threads

  Channel channel() {
    return channel;
  }

  ConnectionSettings settings() {
    return settings;
  }

  boolean isEnding() {
    return ending;
  }

  /** Bytes of the current body that wait to be taken. */
  long bufferedBodyBytes() {
    QueuedBody body = receiving;
    return body == null ? 0 : body.queuedBytes();
  }

  /** Runs something on the event loop; when that has ended, so has the connection. */
  void onLoop(Runnable action) {
    try {
      channel.eventLoop().execute(action);
    } catch (RejectedExecutionException stopped) {
      log.trace("{} outlived its event loop", remote);
    }
  }

  /** A piece of the body was taken: the socket may be worth reading again. */
  void bodyTaken(QueuedBody body) {
    if (readingPaused && body.queuedBytes() <= settings.limits().bodyBufferBytes() / 2) {
      onLoop(this::updateReading);
    }
  }

  // --- what exchanges tell, on the event loop

  void sendContinue(ConnectionExchange exchange) {
    if (exchange == current) {
      var _ =
          channel.writeAndFlush(
              Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));
    }
  }

  /** An answer has left whole. */
  void finished(ConnectionExchange exchange) {
    if (exchange != current) {
      return;
    }
    current = null;
    exchange.queuedBody().discard();
    if (!exchange.keepsConnection() || ending) {
      linger();
      return;
    }
    drainedBytes = 0;
    timeouts.enter(receiving == null ? Phase.IDLE : Phase.DRAIN);
    proceed();
  }

  /** An answer has not left, or not whole, and never will. */
  void abandoned(ConnectionExchange exchange) {
    if (exchange == current) {
      current = null;
      exchange.queuedBody().discard();
      close();
    }
  }

  // --- what the channel tells

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    long millis = timeouts.tickMillis();
    tick =
        channel
            .eventLoop()
            .scheduleWithFixedDelay(this::checkTimes, millis, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    route(message);
    updateReading();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    boolean sawInput = decoder.takeSawInput();
    if (sawInput && current == null && timeouts.phase() == Phase.IDLE) {
      timeouts.enter(Phase.HEAD);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ending = true;
    if (receiving != null) {
      receiving.fail(new RequestAbortedException("the client went away"));
      receiving = null;
    }
    releasePending();
    if (tick != null) {
      tick.cancel(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == HttpPipeline.Event.DRAIN) {
      ending = true;
      if (timeouts.phase() == Phase.IDLE) {
        close();
      } else if (current == null) {
        linger();
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      log.debug("{} broke the connection: {}", remote, cause.toString());
    } else {
      log.error("a connection failed; it is closed", cause);
    }
    close();
  }

  private void checkTimes() {
    QueuedBody body = receiving;
    if (body != null && timeouts.isBodyLate(body)) {
      ending = true;
      body.fail(new RequestTimeoutException());
    } else if (timeouts.isOver(channel)) {
      log.debug("{} kept a connection waiting, {}", remote, timeouts.phase());
      close();
    }
  }

  // --- requests

  private void route(Object message) {
    if (lingering || !channel.isActive()) {
      ReferenceCountUtil.release(message);
    } else if (receiving != null) {
      receive(receiving, message);
    } else if (ending) {
      ReferenceCountUtil.release(message);
    } else if (current != null) {
      enqueue(message);
    } else {
      begin(message);
    }
  }

  private void enqueue(Object message) {
    pending.add(message);
    if (message instanceof HttpRequest && ++pendingRequests > settings.limits().maxPipelined()) {
      log.debug("{} sent too many requests ahead", remote);
      ending = true;
      releasePending();
    }
  }

  private void begin(Object message) {
    if (message instanceof HttpRequest request) {
      ParsedRequest parsed =
          ParsedRequest.of(request, settings.ids().next(), remote, secure, settings.limits());
      ConnectionExchange exchange = new ConnectionExchange(this, parsed);
      current = exchange;
      if (parsed.defect().isPresent()) {
        ending = true;
        exchange.queuedBody().fail(parsed.defect().get());
      } else {
        receiving = exchange.queuedBody();
      }
      timeouts.enter(Phase.EXCHANGE);
      settings.exchanges().accept(exchange);
    }
    // A stray end of a message carries nothing; an invalid head comes as a full message.
    ReferenceCountUtil.release(message);
  }

  private void receive(QueuedBody body, Object message) {
    if (!(message instanceof HttpContent content)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (content.decoderResult().isFailure()) {
      content.release();
      ending = true;
      receiving = null;
      body.fail(new MalformedRequestException(Reason.FRAMING, "the body is not framed right"));
      if (current == null) {
        linger();
      }
      return;
    }
    drainedBytes += content.content().readableBytes();
    body.offer(content.content());
    if (content instanceof LastHttpContent last) {
      body.complete(headersOf(last));
      receiving = null;
      if (current == null) {
        timeouts.enter(Phase.IDLE);
        proceed();
      }
    } else if (current == null && drainedBytes > settings.limits().maxDrainBytes()) {
      linger();
    }
  }

  private static Headers headersOf(LastHttpContent last) {
    List<Headers.Field> fields = new ArrayList<>();
    for (Map.Entry<String, String> each : last.trailingHeaders()) {
      fields.add(new Headers.Field(each.getKey(), ParsedRequest.text(each.getValue())));
    }
    return new Headers(fields);
  }

  /** Takes up what waited, as far as it goes. */
  private void proceed() {
    while (!pending.isEmpty() && (receiving != null || current == null)) {
      Object message = pending.remove();
      if (message instanceof HttpRequest) {
        pendingRequests--;
      }
      route(message);
    }
    updateReading();
  }

  private void updateReading() {
    boolean read = isReadingWanted();
    readingPaused = !read;
    // Whoever takes a piece looks at the flag after it, so look at the queue after the flag.
    if (!read && isReadingWanted()) {
      read = true;
      readingPaused = false;
    }
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  private boolean isReadingWanted() {
    return lingering
        || (pending.isEmpty()
            && (receiving == null
                || receiving.queuedBytes() < settings.limits().bodyBufferBytes()));
  }

  // --- the end

  /**
   * Says that no more comes, and waits for the client to close: closing at once, while bytes of the
   * client are unread, resets the connection and may destroy the answer before it is read.
   */
  private void linger() {
    if (lingering || !channel.isActive()) {
      return;
    }
    ending = true;
    lingering = true;
    if (receiving != null) {
      receiving.fail(new RequestAbortedException("the connection ends"));
      receiving = null;
    }
    releasePending();
    if (channel instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    }
    updateReading();
    var _ = channel.eventLoop().schedule(this::close, LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void close() {
    // The channel tells of failures itself, by becoming inactive.
    var _ = channel.close();
  }

  private void releasePending() {
    pending.forEach(ReferenceCountUtil::release);
    pending.clear();
    pendingRequests = 0;
  }
}
