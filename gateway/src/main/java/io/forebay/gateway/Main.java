package io.forebay.gateway;

import io.forebay.ambient.TimeSource;
import io.forebay.gateway.cli.CommandLineReader;
import io.forebay.gateway.cli.ExitCode;
import io.forebay.gateway.cli.Invocation;
import io.forebay.gateway.config.ConfigException;
import io.forebay.gateway.config.ConfigProblem;
import io.forebay.gateway.config.ConfigReader;
import io.forebay.gateway.config.GatewayConfig;
import io.forebay.gateway.observe.Logs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The process: from a command line to an exit code. */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  /** What closing may take beyond the patience for draining, before the process ends regardless. */
  private static final Duration CLOSING = Duration.ofSeconds(15);

  private Main() {}

  /** Does not return: ends the process. */
  public static void main(String[] arguments) {
    Logs.configure(Level.INFO);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> log.error("the thread {} ended", thread.getName(), e));
    System.exit(run(arguments, System.getenv(), System.out, System.err).number());
  }

  private static ExitCode run(
      String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    return switch (new CommandLineReader(version(), out, err).read(arguments)) {
      case Invocation.Answered answered -> answered.exitCode();
      case Invocation.Recover recover -> Recovery.run(recover, world(), out, err);
      case Invocation.Serve serve -> serve(serve, environment, out, err);
    };
  }

  private static ExitCode serve(
      Invocation.Serve serve, Map<String, String> environment, PrintStream out, PrintStream err) {
    GatewayConfig config;
    try {
      config = ConfigReader.read(serve.config(), environment, serve.flags());
    } catch (ConfigException e) {
      for (ConfigProblem problem : e.problems()) {
        err.println("forebay: " + problem);
      }
      return ExitCode.USAGE;
    }
    Logs.configure(config.logLevel());
    for (String name : ConfigReader.unknownVariables(environment)) {
      log.warn("the variable {} is no option", name);
    }
    CompletableFuture<Gateway> starting = new CompletableFuture<>();
    stopOnSignals(starting, config.drainPatience());
    try {
      Gateway gateway = Gateway.start(config, world());
      out.print(gateway.banner());
      out.flush();
      log.info("serving: {}", gateway.endpoints());
      starting.complete(gateway);
      CountDownLatch lost = new CountDownLatch(1);
      gateway.onLoss(lost::countDown);
      lost.await();
      log.error("ending, because another gateway has the volume");
      // At once, without draining: every answer from here on might contradict the new owner's.
      Runtime.getRuntime().halt(ExitCode.BUCKET.number());
      return ExitCode.BUCKET;
    } catch (StartFailedException e) {
      log.debug("the start failed", e);
      err.println("forebay: " + e.getMessage());
      starting.completeExceptionally(e);
      return e.exitCode();
    } catch (RuntimeException | InterruptedException e) {
      log.error("the start failed", e);
      starting.completeExceptionally(e);
      return ExitCode.FAILURE;
    }
  }

  private static World world() {
    return new World(
        TimeSource.system(),
        new SecureRandom(),
        ProcessHandle.current().pid(),
        hostName(),
        version());
  }

  /**
   * On SIGTERM, SIGINT and SIGHUP the JVM runs this hook, and would then end with 128 and the
   * signal's number: ending the process here says that all went well.
   */
  private static void stopOnSignals(CompletableFuture<Gateway> starting, Duration patience) {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stopAndHalt(starting, patience), "shutdown"));
  }

  private static void stopAndHalt(CompletableFuture<Gateway> starting, Duration patience) {
    ExitCode exitCode = ExitCode.FAILURE;
    try {
      Gateway gateway = starting.get(patience.plus(CLOSING).toNanos(), TimeUnit.NANOSECONDS);
      Thread stopping = Thread.ofPlatform().name("stop").start(() -> gateway.stop(patience));
      if (stopping.join(patience.plus(CLOSING))) {
        exitCode = ExitCode.OK;
      } else {
        log.error("stopping takes too long; what is staged stays for the next start");
      }
    } catch (ExecutionException startFailed) {
      // This is the end of a process that says itself why.
      return;
    } catch (TimeoutException e) {
      log.warn("stopped while starting; the next start begins anew");
      exitCode = ExitCode.OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode.number());
  }

  private static String version() {
    return Objects.requireNonNullElse(
        Main.class.getPackage().getImplementationVersion(), "(not packaged)");
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      log.debug("the machine does not tell its name", e);
      return "HOST";
    }
  }
}
