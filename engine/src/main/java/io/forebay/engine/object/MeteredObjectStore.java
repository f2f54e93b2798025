package io.forebay.engine.object;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Counts requests: {@code forebay.store.requests} is a timer by operation and outcome, {@code
 * forebay.store.bytes} counts bytes by direction.
 */
public final class MeteredObjectStore implements ObjectStore {
  private final ObjectStore inner;
  private final MeterRegistry meters;
  private final Counter sent;
  private final Counter received;

  /**
   * @param inner closed with this
   */
  public MeteredObjectStore(ObjectStore inner, MeterRegistry meters) {
    this.inner = inner;
    this.meters = meters;
    this.sent = bytes("sent");
    this.received = bytes("received");
  }

  private Counter bytes(String direction) {
    return Counter.builder("forebay.store.bytes")
        .description("Bytes to and from the backing bucket")
        .baseUnit("bytes")
        .tag("direction", direction)
        .register(meters);
  }

  @Override
  public String put(String key, Body body) {
    String version = measure("put", () -> inner.put(key, body));
    sent.increment(body.length());
    return version;
  }

  @Override
  public String putIf(String key, ByteBuffer body, Optional<String> expected) {
    int length = body.remaining();
    String version = measure("put_if", () -> inner.putIf(key, body, expected));
    sent.increment(length);
    return version;
  }

  @Override
  public void get(String key, long offset, ByteBuffer target) {
    int length = target.remaining();
    measure(
        "get",
        () -> {
          inner.get(key, offset, target);
          return key;
        });
    received.increment(length);
  }

  @Override
  public Fetched fetch(String key, int maximum) {
    Fetched fetched = measure("fetch", () -> inner.fetch(key, maximum));
    received.increment(fetched.bytes().remaining());
    return fetched;
  }

  @Override
  public Optional<Stat> stat(String key) {
    return measure("stat", () -> inner.stat(key));
  }

  @Override
  public void delete(String key) {
    measure(
        "delete",
        () -> {
          inner.delete(key);
          return key;
        });
  }

  @Override
  public ListPage list(String prefix, String after, int limit) {
    return measure("list", () -> inner.list(prefix, after, limit));
  }

  private <T> T measure(String operation, Supplier<T> call) {
    Timer.Sample sample = Timer.start(meters);
    String outcome = "error";
    try {
      T result = call.get();
      outcome = "ok";
      return result;
    } catch (StoreException e) {
      outcome = e.kind().name().toLowerCase(Locale.ROOT);
      throw e;
    } finally {
      sample.stop(timer(operation, outcome));
    }
  }

  private Timer timer(String operation, String outcome) {
    return Timer.builder("forebay.store.requests")
        .description("Requests to the backing bucket")
        .tag("operation", operation)
        .tag("outcome", outcome)
        .register(meters);
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public void close() {
    inner.close();
  }
}
