package io.forebay.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects lines, prints them as they come, and writes them as JSON at the end. */
final class Report {
  private static final String HEAD =
      "%-34s %-12s %10s %10s %9s %9s %11s %9s %8s%n"
          .formatted(
              "benchmark",
              "who",
              "ops/s",
              "MiB/s",
              "p50 ms",
              "p99 ms",
              "CPU us/op",
              "reqs/op",
              "ratio");

  /**
   * One measured line.
   *
   * @param cpuSeconds of the server; NaN where it is not known
   * @param bucketRequests to the backing bucket during the load; NaN where there is no such thing
   * @param ratio to the peer named in {@code who} of the line above it; NaN for a peer itself
   */
  record Line(
      String benchmark,
      String who,
      Measurement measured,
      double cpuSeconds,
      double bucketRequests,
      double ratio) {}

  private final PrintStream out;
  private final List<Line> lines = new ArrayList<>();

  Report(PrintStream out) {
    this.out = out;
    out.print(HEAD);
  }

  void add(Line line) {
    lines.add(line);
    Measurement m = line.measured();
    out.printf(
        Locale.ROOT,
        "%-34s %-12s %10.0f %10.1f %9.3f %9.3f %11s %9s %8s%n",
        line.benchmark(),
        line.who(),
        m.operationsPerSecond(),
        m.mebibytesPerSecond(),
        m.medianNanos() / 1e6,
        m.p99Nanos() / 1e6,
        number(line.cpuSeconds() / m.operations() * 1e6, "%.1f"),
        number(line.bucketRequests() / m.operations(), "%.3f"),
        number(line.ratio(), "%.2f"));
  }

  private static String number(double value, String format) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  /** A JSON array, one object a line. */
  String json() {
    StringBuilder json = new StringBuilder("[\n");
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      Measurement m = line.measured();
      json.append(
          String.format(
              Locale.ROOT,
              "  {\"benchmark\": \"%s\", \"who\": \"%s\", \"operations\": %d, \"bytes\": %d,"
                  + " \"wall_ns\": %d, \"p50_ns\": %d, \"p99_ns\": %d, \"cpu_s\": %s,"
                  + " \"bucket_requests\": %s, \"ratio\": %s}%s%n",
              line.benchmark(),
              line.who(),
              m.operations(),
              m.bytes(),
              m.wallNanos(),
              m.medianNanos(),
              m.p99Nanos(),
              jsonNumber(line.cpuSeconds()),
              jsonNumber(line.bucketRequests()),
              jsonNumber(line.ratio()),
              i + 1 < lines.size() ? "," : ""));
    }
    return json.append("]\n").toString();
  }

  private static String jsonNumber(double value) {
    return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.6f", value);
  }
}
