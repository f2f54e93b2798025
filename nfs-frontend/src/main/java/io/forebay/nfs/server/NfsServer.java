package io.forebay.nfs.server;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.FileSystem;
import io.forebay.engine.RecordStore;
import io.forebay.nfs.NfsConfig;
import io.forebay.nfs.NfsLimits;
import io.forebay.nfs.handler.CompoundExecutor;
import io.forebay.nfs.session.Connection;
import io.forebay.nfs.session.Sessions;
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
import io.netty.channel.WriteBufferWaterMark;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The NFS server. {@link #start()}, then {@link #drain} when it is to end in peace, then {@link
 * #close()}; one thread at a time.
 */
public final class NfsServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NfsServer.class);
  private static final int BACKLOG = 1024;
  private static final int MIN_READ_BYTES = 1 << 10;
  private static final int FIRST_READ_BYTES = 16 << 10;
  private static final int MAX_READ_BYTES = 256 << 10;

  /** Answers that are not sent yet, from which on a connection is not read, and again read. */
  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(256 << 10, 1 << 20);

  /** What all long requests together may take. */
  private static final int REQUEST_MEMORY_BYTES = 128 << 20;

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private final NfsConfig config;
  private final Sessions sessions;
  private final RequestDispatcher dispatcher;
  private final RequestMemory memory;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicLong connectionIds = new AtomicLong();
  private @Nullable MultiThreadIoEventLoopGroup loops;
  private @Nullable Channel listener;
  private @Nullable Thread ticker;
  private volatile boolean stopping;

  /**
   * A server at rest. Reads the records of clients: blocks.
   *
   * @param fileSystems the volume's view for each level of durability
   * @param records keeps what clients need for reclaim
   * @param random thread-safe
   */
  public NfsServer(
      NfsConfig config,
      Function<Durability, FileSystem> fileSystems,
      RecordStore records,
      TimeSource time,
      RandomGenerator random,
      MeterRegistry meters) {
    this.config = config;
    FileSystem files = fileSystems.apply(config.exports().getFirst().durability());
    this.sessions = new Sessions(config, records, time, random, files::releaseUnclaimedFiles);
    NfsLimits limits = config.limits();
    CompoundExecutor executor =
        new CompoundExecutor(
            config, fileSystems, sessions, sessions.states(), records, time, random);
    this.dispatcher =
        new RequestDispatcher(
            executor, limits.maxOperations(), limits.maxInFlight(), new RequestMeters(meters));
    this.memory = new RequestMemory(Math.max(REQUEST_MEMORY_BYTES, 4L * limits.maxRecordBytes()));
    register(meters);
  }

  private void register(MeterRegistry meters) {
    Gauge.builder("forebay.nfs.connections", connections, ChannelGroup::size)
        .description("Open connections of NFS clients")
        .register(meters);
    Gauge.builder("forebay.nfs.requests.active", dispatcher, RequestDispatcher::inside)
        .description("NFS requests being worked on")
        .register(meters);
    Gauge.builder("forebay.nfs.requests.memory", memory, RequestMemory::used)
        .description("What long NFS requests take, from their first byte to their answer")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("forebay.nfs.clients", sessions, Sessions::clientCount)
        .description("NFS clients that are known, silent ones included")
        .register(meters);
    Gauge.builder("forebay.nfs.sessions", sessions, Sessions::sessionCount)
        .description("Sessions of NFS clients")
        .register(meters);
    Gauge.builder("forebay.nfs.opens", sessions, known -> known.states().openCount())
        .description("Files that NFS clients have open")
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
            new DefaultThreadFactory("nfs-loop"),
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
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
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
    ticker = Thread.ofVirtual().name("nfs-leases").start(this::tick);
    InetSocketAddress address = (InetSocketAddress) listening.localAddress();
    log.info("NFS listens on {}", address);
    return address;
  }

  private void admit(Channel channel) {
    NfsLimits limits = config.limits();
    if (connections.size() >= limits.maxConnections()
        || !(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      log.debug("too many connections: {} is turned away", channel.remoteAddress());
      var _ = channel.close();
      return;
    }
    connections.add(channel);
    Connection connection = new Connection(connectionIds.incrementAndGet(), remote.getAddress());
    ReadGate gate = new ReadGate(channel);
    RecordMarkDecoder decoder = new RecordMarkDecoder(limits.maxRecordBytes(), gate, memory);
    ConnectionHandler handler =
        new ConnectionHandler(
            channel,
            connection,
            gate,
            dispatcher,
            limits.maxInFlightPerConnection(),
            gone -> dispatcher.aside(() -> sessions.disconnected(gone)));
    channel
        .pipeline()
        .addLast("watch", new ConnectionWatch(decoder, handler, gate))
        .addLast("records", decoder)
        .addLast("requests", handler);
  }

  private IOException bindFailure(Throwable cause) {
    String message = "cannot listen on " + config.bind() + ": " + cause.getMessage();
    IOException failure = new BindException(message);
    failure.initCause(cause);
    return failure;
  }

  /** Leases run out, and the grace period ends, by this clock. */
  private void tick() {
    while (!stopping) {
      LockSupport.parkNanos(TICK.toNanos());
      if (stopping) {
        return;
      }
      try {
        sessions.tick();
      } catch (EngineException e) {
        // The engine says more; the next tick tries again.
        log.warn("leases cannot be looked after now: {}", e.toString());
      } catch (RuntimeException defect) {
        log.error("looking after leases met a defect", defect);
      }
    }
  }

  /**
   * Takes no more connections and requests, and lets those under way finish.
   *
   * @param patience how long to wait for the last of them
   */
  public void drain(Duration patience) {
    stopListening();
    for (Channel channel : connections) {
      ConnectionHandler handler = channel.pipeline().get(ConnectionHandler.class);
      if (handler != null) {
        channel.eventLoop().execute(handler::drain);
      }
    }
    if (!connections.newCloseFuture().awaitUninterruptibly(patience.toMillis())) {
      log.warn("{} NFS connections are still busy after {}", connections.size(), patience);
    }
  }

  /** Closes whatever is open. */
  @Override
  public void close() {
    stopListening();
    stopTicking();
    connections.close().awaitUninterruptibly();
    dispatcher.close();
    MultiThreadIoEventLoopGroup running = loops;
    if (running != null) {
      running
          .shutdownGracefully(0, CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .awaitUninterruptibly();
      loops = null;
    }
  }

  /** Not by an interrupt: that would break off what the engine does for it. */
  private void stopTicking() {
    stopping = true;
    Thread ticking = ticker;
    ticker = null;
    if (ticking != null) {
      LockSupport.unpark(ticking);
      try {
        if (!ticking.join(CLOSE_PATIENCE)) {
          log.warn("leases are still being looked after {} later", CLOSE_PATIENCE);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
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
