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
 * Counts operations: {@code forebay.nfs.operations} by operation and status; {@code
 * forebay.nfs.compounds} times whole COMPOUNDs, each under the operation it was made for; {@code
 * forebay.nfs.bytes} counts bytes of READ and WRITE.
 */
final class RequestMeters {
  private static final String REPLAY = "replay";

  private record Ended(OpCode code, NfsStatus status) {}

  private final MeterRegistry meters;
  private final Map<OpCode, Counter> bytes = new EnumMap<>(OpCode.class);
  private final ConcurrentHashMap<Ended, Counter> operations = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Timer> compounds = new ConcurrentHashMap<>();

  RequestMeters(MeterRegistry meters) {
    this.meters = meters;
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
      var _ = timing.stop(timer(purpose(results)));
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

  /** The last operation that does more than lead to another one or look at its outcome. */
  private static String purpose(List<NfsResult> results) {
    String purpose = REPLAY;
    boolean found = false;
    for (NfsResult result : results) {
      boolean serves =
          switch (result.code()) {
            case SEQUENCE, PUTFH, PUTROOTFH, PUTPUBFH, SAVEFH, RESTOREFH, GETFH, GETATTR, ACCESS ->
                true;
            default -> false;
          };
      if (!serves || !found) {
        purpose = name(result.code());
      }
      found |= !serves;
    }
    return purpose;
  }

  private Timer timer(String purpose) {
    return compounds.computeIfAbsent(
        purpose,
        operation ->
            Timer.builder("forebay.nfs.compounds")
                .description("COMPOUNDs by what they are for, from decoding to encoding")
                .tag("operation", operation)
                .register(meters));
  }

  private Counter counter(Ended ended) {
    return Counter.builder("forebay.nfs.operations")
        .description("Operations of COMPOUNDs")
        .tag("operation", name(ended.code()))
        .tag("status", ended.status().name())
        .register(meters);
  }

  private static String name(OpCode code) {
    return code.name().toLowerCase(Locale.ROOT);
  }
}
