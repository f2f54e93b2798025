package io.forebay.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void thePageHasTheProcessAndWhatItsPartsCount() {
    try (Metrics metrics = new Metrics()) {
      metrics.registry().counter("forebay.things.done", "kind", "x").increment(3);

      assertThat(metrics.scrape().lines())
          .contains("forebay_things_done_total{kind=\"x\"} 3.0")
          .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
          .anyMatch(line -> line.startsWith("process_cpu_usage"))
          .anyMatch(line -> line.startsWith("process_files_open_files"))
          .anyMatch(line -> line.startsWith("process_uptime_seconds"));
    }
  }
}
