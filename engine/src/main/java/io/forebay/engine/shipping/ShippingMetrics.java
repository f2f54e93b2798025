package io.forebay.engine.shipping;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What can be watched of shipping. */
final class ShippingMetrics {
  private final Counter objects;
  private final Counter bytes;
  private final Counter failures;
  private final Counter snapshots;

  ShippingMetrics(Shipment shipment, MeterRegistry meters) {
    objects = meters.counter("forebay.log.shipped.objects");
    bytes = meters.counter("forebay.log.shipped.bytes");
    failures = meters.counter("forebay.log.failures");
    snapshots = meters.counter("forebay.log.snapshots");
    Gauge.builder("forebay.log.unshipped.age", shipment, s -> s.unshippedAgeNanos() / 1e9)
        .description("Age of the oldest commit that is not in the bucket")
        .baseUnit("seconds")
        .register(meters);
    Gauge.builder("forebay.log.snapshot.age", shipment, s -> s.snapshotAgeNanos() / 1e9)
        .description("Age of the newest snapshot in the bucket")
        .baseUnit("seconds")
        .register(meters);
  }

  void shipped(int count) {
    objects.increment();
    bytes.increment(count);
  }

  Counter failures() {
    return failures;
  }

  Counter snapshots() {
    return snapshots;
  }
}
