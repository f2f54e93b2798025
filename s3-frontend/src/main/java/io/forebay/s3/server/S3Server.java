package io.forebay.s3.server;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Identity;
import io.forebay.engine.ObjectView;
import io.forebay.s3.S3Config;
import io.forebay.s3.auth.Authenticator;
import io.forebay.s3.handler.ErrorAnswers;
import io.forebay.s3.handler.S3Executor;
import io.forebay.s3.http.ConnectionSettings;
import io.forebay.s3.http.HttpPipeline;
import io.forebay.s3.http.RequestIds;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The S3 server. {@link #start()}, then {@link #drain} when it is to end in peace, then {@link
 * #close()}; one thread at a time.
 */
public final class S3Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(S3Server.class);

  private static final int BACKLOG = 1024;

  /** One read of a socket: as much as keeps an upload busy, as little as an idle client needs. */
  private static final int MIN_READ_BYTES = 1 << 10;

  private static final int FIRST_READ_BYTES = 8 << 10;
  private static final int MAX_READ_BYTES = 128 << 10;

  /** How long a request waits for its turn before it is told to come later. */
  private static final Duration QUEUE_PATIENCE = Duration.ofSeconds(10);

  /** How long requests get to notice that their connection was closed under them. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private final S3Config config;
  private final RequestGate gate;
  private final ConnectionSettings settings;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private @Nullable MultiThreadIoEventLoopGroup loops;
  private @Nullable Channel listener;

  /**
   * A server at rest.
   *
   * @param objects what it serves; with it the durability of answers
   * @param identity whose keys it knows
   * @param random for the ids of requests
   */
  public S3Server(
      S3Config config,
      ObjectView objects,
      Identity identity,
      TimeSource time,
      RandomGenerator random,
      MeterRegistry meters) {
    this.config = config;
    this.gate = new RequestGate(config.limits().maxInFlight(), QUEUE_PATIENCE);
    RequestIds ids = new RequestIds(random);
    RequestDispatcher dispatcher =
        new RequestDispatcher(
            config,
            new Authenticator(identity, config.region(), time),
            new S3Executor(config, objects),
            new ErrorAnswers(ids.hostId()),
            gate,
            new RequestMeters(meters),
            time);
    this.settings =
        new ConnectionSettings(config.limits(), time, ids, ConnectionSettings.PATIENCE, dispatcher);
    Gauge.builder("forebay.s3.connections", connections, ChannelGroup::size)
        .description("Open connections of S3 clients")
        .register(meters);
    Gauge.builder("forebay.s3.requests.active", gate, RequestGate::inside)
        .description("S3 requests being worked on")
        .register(meters);
  }

  /**
   * Begins to listen and serve.
   *
   * @return where it listens
   * @throws BindException when the port is taken
   */
  public InetSocketAddress start() throws IOException {
    boolean epoll = Epoll.isAvailable();
    if (!epoll) {
      log.warn("no epoll: answers are sent at twice the cost", Epoll.unavailabilityCause());
    }
    loops =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("s3-loop"),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    Class<? extends ServerChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    admit(channel);
                  }
                })
            .bind(config.bind())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw bindFailure(bound.cause());
    }
    Channel listening = bound.channel();
    listener = listening;
    InetSocketAddress address = (InetSocketAddress) listening.localAddress();
    log.info("S3 listens on {}", address);
    return address;
  }

  private void admit(Channel channel) {
    if (connections.size() >= config.limits().maxConnections()) {
      log.debug("too many connections: {} is turned away", channel.remoteAddress());
      var _ = channel.close();
      return;
    }
    connections.add(channel);
    HttpPipeline.install(channel, settings, false);
  }

  private IOException bindFailure(Throwable cause) {
    String message = "cannot listen on " + config.bind() + ": " + cause.getMessage();
    IOException failure = new BindException(message);
    failure.initCause(cause);
    return failure;
  }

  /**
   * Takes no more connections, lets requests under way finish, and closes each connection after its
   * request.
   *
   * @param patience how long to wait for the last of them
   */
  public void drain(Duration patience) {
    stopListening();
    for (Channel channel : connections) {
      channel.pipeline().fireUserEventTriggered(HttpPipeline.Event.DRAIN);
    }
    if (!connections.newCloseFuture().awaitUninterruptibly(patience.toMillis())) {
      log.warn("{} S3 connections are still busy after {}", connections.size(), patience);
    }
  }

  /** Closes whatever is open. Requests end with their connections, and are waited for a while. */
  @Override
  public void close() {
    stopListening();
    connections.close().awaitUninterruptibly();
    MultiThreadIoEventLoopGroup running = loops;
    if (running != null) {
      if (!gate.shut(CLOSE_PATIENCE)) {
        log.warn("{} S3 requests outlive their connections", gate.inside());
      }
      running
          .shutdownGracefully(0, CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .awaitUninterruptibly();
      loops = null;
    }
  }

  private void stopListening() {
    Channel listening = listener;
    if (listening != null) {
      listening.close().awaitUninterruptibly();
      listener = null;
    }
  }
}
