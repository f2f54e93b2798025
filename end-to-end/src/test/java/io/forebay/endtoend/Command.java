package io.forebay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs beside the test. Its output is shown as it comes, and kept. */
final class Command implements AutoCloseable {
  private final String title;
  private final Process process;
  private final List<String> output = Collections.synchronizedList(new ArrayList<>());
  private final Thread reader;

  private Command(String title, boolean shown, ProcessBuilder builder) throws IOException {
    this.title = title;
    this.process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    this.reader =
        Thread.ofVirtual()
            .start(() -> {
              try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  output.add(line);
                  if (shown) {
                    Report.line(title + ": " + line);
                  }
                }
              } catch (IOException gone) {
                output.add("(output lost: " + gone + ")");
              }
            });
  }

  static Command start(String title, Map<String, String> environment, List<String> words)
      throws IOException {
    return start(title, true, environment, words);
  }

  private static Command start(
      String title, boolean shown, Map<String, String> environment, List<String> words)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words);
    clean(builder.environment());
    builder.environment().putAll(environment);
    return new Command(title, shown, builder);
  }

  /** Takes away what this process's surroundings would tell S3 clients and the gateway. */
  static void clean(Map<String, String> environment) {
    environment.keySet().removeIf(key -> key.startsWith("AWS_") || key.startsWith("FOREBAY_"));
  }

  /** Runs a tool to its good end, and returns what it printed. */
  static List<String> run(Map<String, String> environment, Duration limit, String... words)
      throws Exception {
    try (Command command =
        start(Path.of(words[0]).getFileName().toString(), false, environment, List.of(words))) {
      return command.succeed(limit);
    }
  }

  /** Waits for a good end. */
  List<String> succeed(Duration limit) throws Exception {
    boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (ended) {
      reader.join();
    }
    String last = String.join("\n", lastLines());
    assertThat(ended).as("%s ends within %s:\n%s", title, limit, last).isTrue();
    assertThat(process.exitValue()).as("exit status of %s:\n%s", title, last).isZero();
    return List.copyOf(output);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  List<String> lastLines() {
    synchronized (output) {
      return List.copyOf(output.subList(Math.max(0, output.size() - 40), output.size()));
    }
  }

  /** Ends it and what it started; by SIGTERM, which the guest's harness turns into its own end. */
  @Override
  public void close() {
    end(process, 10);
  }

  /** Asks a process to end, and insists after some seconds. */
  static void end(Process process, int seconds) {
    process.destroy();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
