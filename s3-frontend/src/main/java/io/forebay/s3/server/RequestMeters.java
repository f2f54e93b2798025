package io.forebay.s3.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What is counted of requests, by operation. Thread-safe. */
final class RequestMeters {
  private record Kind(String operation, String outcome) {}

  private record Meters(Timer time, Counter received, Counter sent) {}

  private final MeterRegistry registry;
  private final Map<Kind, Meters> meters = new ConcurrentHashMap<>();

  RequestMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts one.
   *
   * @param operation of a fixed set: a name for meters, not a client's text
   * @param complete whether the client's socket took the whole answer
   */
  void count(String operation, int status, boolean complete, long received, long sent, long nanos) {
    String outcome = complete ? status / 100 + "xx" : "aborted";
    Meters those = meters.computeIfAbsent(new Kind(operation, outcome), this::register);
    those.time.record(nanos, TimeUnit.NANOSECONDS);
    those.received.increment(received);
    those.sent.increment(sent);
  }

  private Meters register(Kind kind) {
    String[] tags = {"operation", kind.operation, "outcome", kind.outcome};
    return new Meters(
        Timer.builder("forebay.s3.requests")
            .description("S3 requests, from the head's arrival to the last byte of the answer")
            .tags(tags)
            .register(registry),
        Counter.builder("forebay.s3.received")
            .description("Body bytes of S3 requests")
            .baseUnit("bytes")
            .tags(tags)
            .register(registry),
        Counter.builder("forebay.s3.sent")
            .description("Body bytes of answers to S3 requests")
            .baseUnit("bytes")
            .tags(tags)
            .register(registry));
  }
}
