package io.forebay.gateway;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.assembly.Engine;
import io.forebay.engine.assembly.EngineWiring;
import io.forebay.gateway.admin.AdminServer;
import io.forebay.gateway.admin.Readiness;
import io.forebay.gateway.cli.ExitCode;
import io.forebay.gateway.config.GatewayConfig;
import io.forebay.gateway.config.Option;
import io.forebay.gateway.observe.Metrics;
import io.forebay.nfs.server.NfsServer;
import io.forebay.s3.server.S3Server;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway: one volume, served over both protocols. */
final class Gateway implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Gateway.class);

  private final Lifecycle parts;
  private final Readiness readiness;
  private final Engine engine;
  private final NfsServer nfs;
  private final S3Server s3;
  private final Endpoints endpoints;
  private final String banner;
  private final World world;

  private Gateway(
      Lifecycle parts,
      Readiness readiness,
      Engine engine,
      NfsServer nfs,
      S3Server s3,
      Endpoints endpoints,
      String banner,
      World world) {
    this.parts = parts;
    this.readiness = readiness;
    this.engine = engine;
    this.nfs = nfs;
    this.s3 = s3;
    this.endpoints = endpoints;
    this.banner = banner;
    this.world = world;
  }

  /**
   * The composition root: starts everything, in this order, or nothing.
   *
   * @return serving; the caller's to {@link #stop}
   */
  static Gateway start(GatewayConfig config, World world) throws StartFailedException {
    Lifecycle parts = new Lifecycle();
    try {
      DataDirectory data =
          parts.add(
              "the data directory",
              DataDirectory.lock(config.engine().dataDirectory(), world.pid()));
      Metrics metrics = parts.add("metrics", new Metrics());
      MeterRegistry meters = metrics.registry();
      Readiness readiness = new Readiness();
      AdminServer admin = parts.add("admin", admin(config, metrics, readiness));
      Engine engine = parts.add("the engine", open(config, world, meters));
      RootKey root =
          RootKey.settle(
              config.rootKey(), engine.identity(), engine.records(), world.time(), world.random());
      NfsServer nfs =
          new NfsServer(
              config.nfs(),
              engine::fileSystem,
              engine.records(),
              world.time(),
              world.random(),
              meters);
      AutoCloseable unusedNfs = parts.add("NFS", nfs::close);
      S3Server s3 =
          new S3Server(
              config.s3(),
              engine.objects(config.engine().durability()),
              engine.identity(),
              world.time(),
              world.random(),
              meters);
      AutoCloseable unusedS3 = parts.add("S3", s3::close);
      Endpoints endpoints =
          new Endpoints(
              listen("NFS", config.nfs().bind(), Option.NFS_PORT, Option.NFS_BIND, nfs::start),
              listen("S3", config.s3().bind(), Option.S3_PORT, Option.S3_BIND, s3::start),
              admin.address());
      data.publish(endpoints.json(world.pid()));
      readiness.serving(engine::problems);
      String banner = Banner.text(world.version(), config, endpoints, root, world.hostName());
      return new Gateway(parts, readiness, engine, nfs, s3, endpoints, banner, world);
    } catch (IOException e) {
      parts.close();
      throw new StartFailedException(
          ExitCode.DATA_DIRECTORY, "the data directory cannot be written: " + e, e);
    } catch (StartFailedException | RuntimeException | Error e) {
      parts.close();
      throw e;
    }
  }

  private static AdminServer admin(GatewayConfig config, Metrics metrics, Readiness readiness)
      throws StartFailedException {
    InetSocketAddress bind = config.admin();
    return listen(
        "the admin port",
        bind,
        Option.ADMIN_PORT,
        Option.ADMIN_BIND,
        () -> AdminServer.start(bind, metrics::scrape, Metrics.CONTENT_TYPE, readiness));
  }

  private static Engine open(GatewayConfig config, World world, MeterRegistry meters)
      throws StartFailedException {
    try {
      return EngineWiring.open(config.engine(), world.time(), world.random(), meters);
    } catch (EngineException e) {
      throw new StartFailedException(exitCode(e.code()), String.valueOf(e.getMessage()), e);
    }
  }

  private static ExitCode exitCode(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT, UNAVAILABLE, FENCED -> ExitCode.BUCKET;
      case IO, CORRUPT, NO_SPACE, NOT_SUPPORTED -> ExitCode.DATA_DIRECTORY;
      default -> ExitCode.FAILURE;
    };
  }

  /** Binds a socket. */
  private interface Listening<T> {
    T start() throws IOException;
  }

  private static <T> T listen(
      String what,
      InetSocketAddress where,
      Option<Integer> port,
      Option<InetAddress> bind,
      Listening<T> listening)
      throws StartFailedException {
    try {
      return listening.start();
    } catch (IOException e) {
      throw new StartFailedException(
          ExitCode.PORT_TAKEN,
          "%s cannot listen on %s:%d (%s): choose another port with %s, or another address with %s"
              .formatted(
                  what,
                  Endpoints.bracketed(where.getAddress().getHostAddress()),
                  where.getPort(),
                  e.getMessage(),
                  port.flag().orElse(port.key()),
                  bind.flag().orElse(bind.key())),
          e);
    }
  }

  /** Runs something when another gateway has taken the volume over; must not block. */
  void onLoss(Runnable listener) {
    engine.onLoss(listener);
  }

  Endpoints endpoints() {
    return endpoints;
  }

  /** What to tell whoever started this: addresses, commands, the key. */
  String banner() {
    return banner;
  }

  /**
   * Finishes what is under way, uploads what is staged, and stops. Takes little more than {@code
   * patience}: half of it for requests, the rest for the bucket.
   */
  void stop(Duration patience) {
    long deadline = world.time().monotonicNanos() + patience.toNanos();
    log.info("stopping");
    readiness.stopping();
    drainFrontends(patience.dividedBy(2));
    long left = Math.max(0, deadline - world.time().monotonicNanos());
    try {
      engine.drain(Duration.ofNanos(left));
    } catch (RuntimeException e) {
      log.error("the engine does not drain", e);
    }
    close();
    log.info("stopped");
  }

  private void drainFrontends(Duration patience) {
    List<Thread> draining =
        List.of(
            Thread.ofVirtual().name("drain-nfs").start(() -> nfs.drain(patience)),
            Thread.ofVirtual().name("drain-s3").start(() -> s3.drain(patience)));
    try {
      for (Thread each : draining) {
        each.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops at once, as a crash would. */
  @Override
  public void close() {
    readiness.stopping();
    parts.close();
  }
}
