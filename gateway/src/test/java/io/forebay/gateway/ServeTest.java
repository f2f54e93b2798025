package io.forebay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code forebay serve} as a process: what scripts and service managers rely on. */
@Timeout(120)
class ServeTest {
  private static final List<String> FREE_PORTS =
      List.of("--nfs-port", "0", "--s3-port", "0", "--admin-port", "0");

  @TempDir Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process each : started) {
      each.destroyForcibly().waitFor();
    }
  }

  private record Run(Process process, Path out, Path err) {
    int exitCode() throws InterruptedException {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
      return process.exitValue();
    }

    String said() throws IOException {
      return Files.readString(out);
    }

    String complained() throws IOException {
      return Files.readString(err);
    }
  }

  private Run serve(Map<String, String> environment, List<String> flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-Xmx512m", "-cp", classPath()));
    command.addAll(List.of(Main.class.getName(), "serve", "--data", data().toString()));
    command.addAll(flags);
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .directory(directory.toFile());
    Map<String, String> variables = new HashMap<>(environment);
    builder.environment().keySet().removeIf(name -> name.startsWith("FOREBAY_"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    started.add(process);
    return new Run(process, out, err);
  }

  /** Without tests, whose logging is their own. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes") && !entry.endsWith("-tests.jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Path data() {
    return directory.resolve("data");
  }

  /** Waits until it serves: the file is written when everything listens. */
  private JsonNode endpoints(Run run) throws Exception {
    Path file = data().resolve("run/endpoints.json");
    while (!Files.exists(file)) {
      assertThat(run.process().waitFor(20, TimeUnit.MILLISECONDS)).as(run.complained()).isFalse();
    }
    return new JsonMapper().readTree(file.toFile());
  }

  private static String get(JsonNode endpoints, String path) throws IOException {
    URI url = URI.create("http://127.0.0.1:" + endpoints.at("/admin/port").asInt() + path);
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setConnectTimeout(20_000);
    connection.setReadTimeout(20_000);
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int stop(Run run) throws InterruptedException {
    run.process().destroy();
    return run.exitCode();
  }

  private static String keyLine(Run run) throws IOException {
    return run.said()
        .lines()
        .filter(line -> line.contains("AWS_ACCESS_KEY_ID"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void itServesStopsWellAndServesTheSameVolumeAgain() throws Exception {
    Run first = serve(Map.of(), FREE_PORTS);
    JsonNode endpoints = endpoints(first);

    assertThat(get(endpoints, "/readyz")).startsWith("serving\n");
    assertThat(get(endpoints, "/healthz")).isEqualTo("ok\n");
    assertThat(get(endpoints, "/metrics"))
        .contains("jvm_memory_used_bytes")
        .contains("forebay_metadata_transactions_total")
        .contains("forebay_store_requests_seconds_count");
    assertThat(endpoints.get("pid").asLong()).isEqualTo(first.process().pid());
    assertThat(stop(first)).as(first.complained()).isZero();
    assertThat(first.said())
        .contains("mount -t nfs4 -o port=" + endpoints.at("/nfs/port").asInt() + " 127.0.0.1:/")
        .contains("--endpoint-url http://127.0.0.1:" + endpoints.at("/s3/port").asInt());
    assertThat(first.complained()).contains(" INFO ").doesNotContain(" ERROR ", "\tat ");
    assertThat(data().resolve("bucket")).isDirectory();
    assertThat(data().resolve("run/endpoints.json")).doesNotExist();

    Run second = serve(Map.of(), FREE_PORTS);
    JsonNode unused = endpoints(second);
    assertThat(stop(second)).as(second.complained()).isZero();
    assertThat(keyLine(second)).isEqualTo(keyLine(first));
  }

  @Test
  void aKilledProcessLeavesADirectoryThatCanBeServedAgain() throws Exception {
    Run killed = serve(Map.of(), FREE_PORTS);
    JsonNode before = endpoints(killed);
    killed.process().destroyForcibly().waitFor();

    Run next = serve(Map.of(), FREE_PORTS);
    while (!next.complained().contains("serving: ")) {
      assertThat(next.process().waitFor(20, TimeUnit.MILLISECONDS)).as(next.complained()).isFalse();
    }
    assertThat(endpoints(next).get("pid").asLong()).isNotEqualTo(before.get("pid").asLong());
    assertThat(stop(next)).isZero();
  }

  @Test
  void aConfiguredSecretIsNeverPrinted() throws Exception {
    Run run =
        serve(
            Map.of(
                "FOREBAY_ROOT_ACCESS_KEY", "MYROOTKEY",
                "FOREBAY_ROOT_SECRET_KEY", "my-very-secret-key",
                "FOREBAY_LOG_LEVEL", "trace"),
            FREE_PORTS);
    JsonNode unused = endpoints(run);

    assertThat(stop(run)).isZero();
    assertThat(run.said()).contains("MYROOTKEY").doesNotContain("my-very-secret-key");
    assertThat(run.complained()).doesNotContain("my-very-secret-key");
  }

  @Test
  void aTakenPortIsOneLineThatNamesTheOption() throws Exception {
    for (String flag : List.of("--nfs-port", "--s3-port", "--admin-port")) {
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        List<String> flags = new ArrayList<>(FREE_PORTS);
        String port = Integer.toString(taken.getLocalPort());
        flags.set(flags.indexOf(flag) + 1, port);

        Run run = serve(Map.of("FOREBAY_LOG_LEVEL", "warn"), flags);

        assertThat(run.exitCode()).as(run.complained()).isEqualTo(3);
        assertThat(run.complained()).contains(flag, "127.0.0.1:" + port).hasLineCount(1);
        assertThat(run.said()).isEmpty();
      }
    }
  }

  @Test
  void aSecondProcessOnTheSameDirectoryIsRefused() throws Exception {
    Run first = serve(Map.of(), FREE_PORTS);
    JsonNode unused = endpoints(first);

    Run second = serve(Map.of(), FREE_PORTS);

    assertThat(second.exitCode()).isEqualTo(4);
    assertThat(second.complained())
        .contains("in use by process " + first.process().pid())
        .hasLineCount(1);
    assertThat(stop(first)).isZero();
  }

  @Test
  void everyMistakeOfTheConfigurationIsReportedAtOnce() throws Exception {
    Path file = Files.writeString(directory.resolve("my.toml"), "[nfs]\nport = -1\nprot = 1\n");

    Run run =
        serve(
            Map.of("FOREBAY_S3_PORT", "x"),
            List.of("--config", "my.toml", "--bucket-url", "ftp://x"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.complained().lines())
        .hasSize(4)
        .allMatch(line -> line.startsWith("forebay: "))
        .anyMatch(line -> line.contains("my.toml:2: nfs.port"))
        .anyMatch(line -> line.contains("my.toml:3: there is no option nfs.prot"))
        .anyMatch(line -> line.contains("variable FOREBAY_S3_PORT"))
        .anyMatch(line -> line.contains("--bucket-url"));
    assertThat(file).exists();
    assertThat(data()).doesNotExist();
  }

  @Test
  void aBucketThatCannotBeUsedAndABucketOfAnotherVolumeAreNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    List<String> flags = new ArrayList<>(FREE_PORTS);
    flags.addAll(List.of("--bucket-url", "file://" + file));

    Run unusable = serve(Map.of(), flags);

    assertThat(unusable.exitCode()).as(unusable.complained()).isEqualTo(5);
    assertThat(unusable.complained()).contains(file.toString()).doesNotContain("\tat ");

    Path foreign = Files.createDirectories(directory.resolve("foreign"));
    Files.writeString(foreign.resolve("volume"), "forebay volume\nformat 1\nuuid another\n");
    flags.set(flags.size() - 1, "file://" + foreign);
    Run other = serve(Map.of(), flags);
    assertThat(other.exitCode()).as(other.complained()).isEqualTo(5);
    assertThat(other.complained()).contains("another volume").doesNotContain("\tat ");
  }
}
