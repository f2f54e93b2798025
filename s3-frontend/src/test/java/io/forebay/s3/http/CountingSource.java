package io.forebay.s3.http;

import io.forebay.engine.Payload;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A source that counts what it gave and what came back. */
final class CountingSource implements PayloadSource {
  private final IntFunction<java.util.List<Payload.Part>> parts;
  private final AtomicInteger given = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();
  private final AtomicInteger timesClosed = new AtomicInteger();

  /**
   * A source.
   *
   * @param parts of the n-th payload, from 0
   */
  CountingSource(IntFunction<java.util.List<Payload.Part>> parts) {
    this.parts = parts;
  }

  @Override
  public Payload next() {
    java.util.List<Payload.Part> next = parts.apply(given.get());
    given.incrementAndGet();
    mostOpen.accumulateAndGet(given.get() - closed.get(), Math::max);
    return new Payload(next, closed::incrementAndGet);
  }

  @Override
  public void close() {
    timesClosed.incrementAndGet();
  }

  int given() {
    return given.get();
  }

  int closed() {
    return closed.get();
  }

  int mostOpen() {
    return mostOpen.get();
  }

  int timesClosed() {
    return timesClosed.get();
  }
}
