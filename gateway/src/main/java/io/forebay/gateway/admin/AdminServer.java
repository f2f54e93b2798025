package io.forebay.gateway.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET and HEAD of {@code /metrics}, {@code /healthz} and {@code /readyz}. Reads no request
 * bodies; connections, requests at once and the time a request may take are bounded.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
  private static final int BACKLOG = 64;
  private static final int MAX_AT_ONCE = 32;
  private static final String TEXT = "text/plain; charset=utf-8";

  private record Answer(int status, String type, String text) {}

  private final HttpServer server;
  private final ExecutorService executor;
  private final Semaphore room = new Semaphore(MAX_AT_ONCE);
  private final Supplier<String> metrics;
  private final String metricsType;
  private final Readiness readiness;

  private AdminServer(
      HttpServer server, Supplier<String> metrics, String metricsType, Readiness readiness) {
    this.server = server;
    this.metrics = metrics;
    this.metricsType = metricsType;
    this.readiness = readiness;
    this.executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 0).factory());
  }

  /**
   * Listens and serves.
   *
   * @param bind port 0 takes any free one
   * @param metrics the page of metrics, of media type {@code metricsType}
   * @throws java.net.BindException when the port is taken
   */
  public static AdminServer start(
      InetSocketAddress bind, Supplier<String> metrics, String metricsType, Readiness readiness)
      throws IOException {
    boundTheServer();
    AdminServer admin =
        new AdminServer(HttpServer.create(bind, BACKLOG), metrics, metricsType, readiness);
    admin.server.setExecutor(admin.executor);
    admin.server.createContext("/", admin::handle);
    admin.server.start();
    return admin;
  }

  /** The JDK's server takes its bounds from system properties only, read at its first use. */
  private static void boundTheServer() {
    setUnlessSet("jdk.httpserver.maxConnections", "256");
    setUnlessSet("sun.net.httpserver.maxReqTime", "10");
    setUnlessSet("sun.net.httpserver.maxRspTime", "30");
    setUnlessSet("sun.net.httpserver.maxReqHeaders", "100");
    setUnlessSet("sun.net.httpserver.nodelay", "true");
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, answer(exchange));
    }
  }

  private Answer answer(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    if (!isKnown(path)) {
      return new Answer(404, TEXT, "not found: there are /metrics, /healthz and /readyz\n");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return new Answer(405, TEXT, "only GET and HEAD\n");
    }
    if (!room.tryAcquire()) {
      return new Answer(503, TEXT, "too many requests at once\n");
    }
    try {
      return answer(path);
    } catch (RuntimeException e) {
      log.error("the admin port failed to answer {}", path, e);
      return new Answer(500, TEXT, "failed; see the log\n");
    } finally {
      room.release();
    }
  }

  private static boolean isKnown(String path) {
    return path.equals("/metrics") || path.equals("/healthz") || path.equals("/readyz");
  }

  private Answer answer(String path) {
    return switch (path) {
      case "/metrics" -> new Answer(200, metricsType, metrics.get());
      case "/readyz" -> new Answer(readiness.isReady() ? 200 : 503, TEXT, readiness.report());
      default -> new Answer(200, TEXT, "ok\n");
    };
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  /** Stops at once; an answer under way is cut. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
