package io.forebay.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A Prometheus text page, as far as summing a counter goes. */
record MetricsPage(List<String> lines) {
  private static final int MAX_PAGE = 16 << 20;

  /** Fetches {@code /metrics}. */
  static MetricsPage read(InetAddress host, int port) throws IOException {
    try (Socket socket = new Socket(host, port)) {
      socket
          .getOutputStream()
          .write(
              "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String page =
          new String(socket.getInputStream().readNBytes(MAX_PAGE), StandardCharsets.UTF_8);
      return new MetricsPage(page.lines().toList());
    }
  }

  /** The sum over all label sets of a metric; 0 when it is absent. */
  double sum(String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
