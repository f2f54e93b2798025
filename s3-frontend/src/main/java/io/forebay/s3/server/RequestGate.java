package io.forebay.s3.server;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounds how many requests are worked on at once. Thread-safe. */
final class RequestGate {
  private final Semaphore places;
  private final int size;
  private final Duration patience;

  /**
   * A gate.
   *
   * @param patience how long a request may wait for a place
   */
  RequestGate(int size, Duration patience) {
    this.size = size;
    this.places = new Semaphore(size, true);
    this.patience = patience;
  }

  /** Takes a place; waits a little for one. Whoever got one leaves. */
  boolean enter() {
    return tryAcquire(1, patience);
  }

  void leave() {
    places.release();
  }

  int inside() {
    return size - places.availablePermits();
  }

  /** Waits until nobody is inside; then nobody enters any more. */
  boolean shut(Duration longest) {
    return tryAcquire(size, longest);
  }

  private boolean tryAcquire(int permits, Duration longest) {
    try {
      return places.tryAcquire(permits, longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
