package io.forebay.nfs.server;

import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts operations: {@code forebay.nfs.operations} by operation and status, {@code
 * forebay.nfs.compounds} is a timer of whole COMPOUNDs, {@code forebay.nfs.bytes} counts bytes of
 * READ and WRITE.
 */
final class RequestMeters {
  private record Ended(OpCode code, NfsStatus status) {}

  private final MeterRegistry meters;
  private final Timer compounds;
  private final Map<OpCode, Counter> bytes = new EnumMap<>(OpCode.class);
  private final ConcurrentHashMap<Ended, Counter> operations = new ConcurrentHashMap<>();

  RequestMeters(MeterRegistry meters) {
    this.meters = meters;
    this.compounds =
        Timer.builder("forebay.nfs.compounds")
            .description("COMPOUNDs, from their decoding to their encoding")
            .register(meters);
    bytes.put(OpCode.READ, bytes("read"));
    bytes.put(OpCode.WRITE, bytes("write"));
  }

  private Counter bytes(String operation) {
    return Counter.builder("forebay.nfs.bytes")
        .description("Bytes that clients read and wrote")
        .baseUnit("bytes")
        .tag("operation", operation)
        .register(meters);
  }

  /** A COMPOUND being timed. */
  final class Sample {
    private final Timer.Sample timing = Timer.start(meters);

    void stop(List<NfsResult> results) {
      var _ = timing.stop(compounds);
      for (NfsResult result : results) {
        operations
            .computeIfAbsent(new Ended(result.code(), result.status()), RequestMeters.this::counter)
            .increment();
        if (result instanceof NfsResult.Read read) {
          count(OpCode.READ, read.payload().length());
        } else if (result instanceof NfsResult.Write write) {
          count(OpCode.WRITE, write.count());
        }
      }
    }

    private void count(OpCode code, int moved) {
      Counter counter = bytes.get(code);
      if (counter != null) {
        counter.increment(moved);
      }
    }
  }

  Sample start() {
    return new Sample();
  }

  private Counter counter(Ended ended) {
    return Counter.builder("forebay.nfs.operations")
        .description("Operations of COMPOUNDs")
        .tag("operation", ended.code().name().toLowerCase(Locale.ROOT))
        .tag("status", ended.status().name())
        .register(meters);
  }
}
