package io.forebay.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The gateway under test: a process of its own, started by the launcher every user starts. */
final class GatewayProcess implements AutoCloseable {
  static final String ACCESS_KEY = "benchmark";
  static final String SECRET_KEY = "benchmark-secret-key";
  private static final int LOG_END_LINES = 40;

  private final Path launcher;
  private final Path data;
  private final String bucketUrl;
  private final int nfsPort;
  private final int s3Port;
  private final int adminPort;
  private Process process;

  private GatewayProcess(Path launcher, Path data, String bucketUrl) throws Exception {
    this.launcher = launcher;
    this.data = data;
    this.bucketUrl = bucketUrl;
    this.nfsPort = Nginx.freePort();
    this.s3Port = Nginx.freePort();
    this.adminPort = Nginx.freePort();
    this.process = launch();
  }

  static GatewayProcess start(Path launcher, Path data, String bucketUrl) throws Exception {
    return new GatewayProcess(launcher, data, bucketUrl);
  }

  private Process launch() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                launcher.toString(),
                "serve",
                "--data=" + data,
                "--nfs-port=" + nfsPort,
                "--s3-port=" + s3Port,
                "--admin-port=" + adminPort,
                "--bucket-url=" + bucketUrl,
                // Clients of the run before a restart are gone and will reclaim nothing.
                "--nfs-grace=0s"));
    builder
        .environment()
        .putAll(
            Map.of(
                "FOREBAY_ROOT_ACCESS_KEY",
                ACCESS_KEY,
                "FOREBAY_ROOT_SECRET_KEY",
                SECRET_KEY,
                "FOREBAY_NO_BUILD",
                "1"));
    Files.createDirectories(data);
    Process started =
        builder
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(data.resolve("log").toFile()))
            .start();
    awaitReady(started);
    return started;
  }

  private void awaitReady(Process started) throws Exception {
    Nginx.awaitPort(started, adminPort);
    for (int attempt = 0; attempt < 300; attempt++) {
      try (HttpConnection probe = new HttpConnection(adminPort)) {
        probe.get(adminUrl("/readyz"), "");
        return;
      } catch (IOException notReady) {
        if (started.waitFor(100, TimeUnit.MILLISECONDS)) {
          throw new IOException("the gateway ended: see " + data.resolve("log"), notReady);
        }
      }
    }
    throw new IOException("the gateway does not become ready: see " + data.resolve("log"));
  }

  private URI adminUrl(String path) {
    return URI.create("http://127.0.0.1:" + adminPort + path);
  }

  /** Stops it, drained, deletes its cache and starts it again: the next read is cold. */
  void restartCold() throws Exception {
    stop();
    try (Stream<Path> files = Files.walk(data.resolve("cache"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    process = launch();
  }

  /** The end of what it has printed and logged. */
  String logEnd() throws IOException {
    List<String> lines = Files.readAllLines(data.resolve("log"));
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LOG_END_LINES), lines.size()));
  }

  int nfsPort() {
    return nfsPort;
  }

  int s3Port() {
    return s3Port;
  }

  double cpuSeconds() throws IOException {
    return ProcessCpu.seconds(process.toHandle());
  }

  /** Requests to the backing bucket so far, by the gateway's own count. */
  double bucketRequests() throws IOException {
    return MetricsPage.read(InetAddress.getLoopbackAddress(), adminPort)
        .sum("forebay_store_requests_seconds_count");
  }

  private void stop() throws IOException {
    process.destroy();
    try {
      process.onExit().get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IOException("the gateway did not stop within a minute", e);
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
