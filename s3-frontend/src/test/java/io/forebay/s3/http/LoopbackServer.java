package io.forebay.s3.http;

import io.forebay.ambient.TimeSource;
import io.forebay.s3.S3Limits;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The connection handlers on a loopback socket, with a handler of the test's. */
final class LoopbackServer implements AutoCloseable {
  /** What a test does with a request, on a virtual thread. */
  interface Handler {
    Response handle(Exchange exchange) throws Exception;
  }

  enum Transport {
    EPOLL,
    NIO
  }

  private final MultiThreadIoEventLoopGroup group;
  private final Channel channel;
  private final BlockingQueue<Channel> connections = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final AtomicInteger running = new AtomicInteger();

  LoopbackServer(Handler handler) {
    this(handler, S3Limits.DEFAULT, Transport.EPOLL);
  }

  LoopbackServer(Handler handler, S3Limits limits, Transport transport) {
    boolean epoll = transport == Transport.EPOLL;
    group =
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    Consumer<Exchange> exchanges =
        exchange -> {
          running.incrementAndGet();
          Thread.ofVirtual().start(() -> serve(handler, exchange));
        };
    ConnectionSettings settings =
        new ConnectionSettings(
            limits,
            TimeSource.system(),
            new RequestIds(new Random(1)),
            Duration.ofMillis(100),
            exchanges);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel child) {
                    HttpPipeline.install(child, settings, false);
                    connections.add(child);
                  }
                });
    channel =
        bootstrap
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  private void serve(Handler handler, Exchange exchange) {
    try (exchange) {
      Response response;
      try {
        response = handler.handle(exchange);
      } catch (Throwable failure) {
        response = answer(failure);
      }
      sent.add(exchange.respond(response, this::answer));
    } catch (Throwable failure) {
      failures.add(failure);
    } finally {
      running.decrementAndGet();
    }
  }

  private Response answer(Throwable failure) {
    failures.add(failure);
    int status =
        failure instanceof MalformedRequestException || failure instanceof RequestTimeoutException
            ? 400
            : 500;
    return text(status, failure.getClass().getSimpleName());
  }

  static Response text(int status, String text) {
    return new Response(
        status,
        Headers.of("Content-Type", "text/plain"),
        new ResponseBody.Bytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  RawClient connect() throws java.io.IOException {
    return new RawClient((InetSocketAddress) channel.localAddress());
  }

  RawClient connect(int receiveBufferBytes) throws java.io.IOException {
    return new RawClient((InetSocketAddress) channel.localAddress(), receiveBufferBytes);
  }

  /** The next connection's server side. */
  Channel connection() throws InterruptedException {
    return connections.take();
  }

  /** The next failure a request ended with or was answered for. */
  Throwable failure() throws InterruptedException {
    Throwable failure = failures.poll(10, TimeUnit.SECONDS);
    if (failure == null) {
      throw new AssertionError("nothing has failed");
    }
    return failure;
  }

  Sent sent() throws InterruptedException {
    Sent next = sent.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was sent");
    }
    return next;
  }

  /** Runs something on the event loop and waits: whatever was queued there before is done then. */
  void flushEventLoop() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    group.execute(done::countDown);
    if (!done.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the event loop is stuck");
    }
  }

  int runningRequests() {
    return running.get();
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    connections.forEach(each -> each.close().syncUninterruptibly());
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
