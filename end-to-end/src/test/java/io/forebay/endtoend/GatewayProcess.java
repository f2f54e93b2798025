package io.forebay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The gateway as its users start it, on ports that stay the same when it starts again. What it
 * prints goes to {@link #log}.
 */
final class GatewayProcess implements AutoCloseable {
  static final String ACCESS_KEY = "END2ENDACCESSKEY";
  static final String SECRET_KEY = "end-to-end/secret+key";
  private static final Path LAUNCHER = Path.of("..", "forebay").toAbsolutePath().normalize();

  private final Path data;
  private final List<String> options;
  private final Map<String, String> environment;
  private final int nfsPort = freePort();
  private final int s3Port = freePort();
  private final int adminPort = freePort();
  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;

  /**
   * Starts and waits until it is ready.
   *
   * @param options of {@code forebay serve} beyond directories and ports
   * @param environment beyond the first key, such as the bucket's credentials
   */
  GatewayProcess(Path data, List<String> options, Map<String, String> environment)
      throws Exception {
    this.data = data;
    this.options = List.copyOf(options);
    this.environment = Map.copyOf(environment);
    this.process = launch();
  }

  static int freePort() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError("no free port", e);
    }
  }

  int nfsPort() {
    return nfsPort;
  }

  URI s3() {
    return URI.create("http://127.0.0.1:" + s3Port);
  }

  Path log() {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  private Process launch() throws Exception {
    List<String> words = new ArrayList<>(List.of(LAUNCHER.toString(), "serve"));
    words.addAll(List.of("--data", data.toString(), "--nfs-port", Integer.toString(nfsPort)));
    words.addAll(List.of("--s3-port", Integer.toString(s3Port)));
    words.addAll(List.of("--admin-port", Integer.toString(adminPort)));
    words.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(words);
    Map<String, String> all = new HashMap<>(environment);
    all.put("FOREBAY_ROOT_ACCESS_KEY", ACCESS_KEY);
    all.put("FOREBAY_ROOT_SECRET_KEY", SECRET_KEY);
    all.put("FOREBAY_NO_BUILD", "1");
    all.put("JAVA_HOME", System.getProperty("java.home"));
    Command.clean(builder.environment());
    builder.environment().putAll(all);
    long started = System.nanoTime();
    Process launched =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    awaitReady(launched);
    Report.line("gateway: ready after " + (System.nanoTime() - started) / 1_000_000 + " ms");
    return launched;
  }

  private void awaitReady(Process launched) throws Exception {
    HttpRequest question =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/readyz"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        if (http.send(question, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // Asked again below.
      }
      if (launched.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        launched.destroyForcibly();
        throw new AssertionError("the gateway does not become ready:\n" + logEnd());
      }
    }
  }

  private String logEnd() throws IOException {
    List<String> lines = Files.readAllLines(log());
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  /** SIGTERM: it has to drain and to end well. */
  void stop() throws Exception {
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("stops within a minute").isTrue();
    assertThat(process.exitValue()).as("exit status:\n%s", logEnd()).isZero();
  }

  /** SIGKILL. */
  void kill() throws Exception {
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("dies").isTrue();
  }

  void start() throws Exception {
    assertThat(process.isAlive()).as("still runs").isFalse();
    process = launch();
  }

  /** Deletes what is cached; the gateway has to be stopped. */
  void deleteCache() throws Exception {
    assertThat(process.isAlive()).as("still runs").isFalse();
    Path cache = data.resolve("cache");
    assertThat(cache).isDirectory();
    int files = 0;
    try (Stream<Path> found = Files.walk(cache)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        files += Files.isRegularFile(path) ? 1 : 0;
        Files.delete(path);
      }
    }
    Report.line("gateway: deleted the cache, " + files + " files");
  }

  /** Lines of the log that nobody should see: errors, and traces of exceptions. */
  List<String> complaints() throws IOException {
    try (Stream<String> lines = Files.lines(log())) {
      return lines
          .filter(line -> line.contains(" ERROR ") || line.startsWith("\tat "))
          .limit(20)
          .toList();
    }
  }

  /** Copies the log to where it outlives the test. */
  void keepLog(String name) throws IOException {
    Path kept = Files.createDirectories(Path.of("target", "end-to-end"));
    Files.copy(log(), kept.resolve(name + ".gateway.log"), StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    Command.end(process, 60);
  }
}
