package io.forebay.engine.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent callers that want the same thing share one getting of it. The thing lives until
 * the last of them has used it. Thread-safe.
 *
 * @param <K> names the thing
 * @param <V> the thing
 */
final class SingleFlight<K, V> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<K, Flight<V>> flights = new HashMap<>();

  private static final class Flight<V> {
    private final Condition landed;
    private int participants;
    private boolean done;
    private @Nullable V value;
    private @Nullable RuntimeException failure;

    Flight(Condition landed) {
      this.landed = landed;
    }
  }

  /**
   * Gets, or waits for who gets already, and uses.
   *
   * @param load what it throws, every participant gets
   * @param dispose of the value, once, after the last use
   */
  <R> R join(K key, Supplier<V> load, Function<V, R> use, Consumer<V> dispose) {
    Flight<V> flight;
    boolean leads;
    lock.lock();
    try {
      Flight<V> present = flights.get(key);
      leads = present == null;
      flight = present == null ? new Flight<>(lock.newCondition()) : present;
      if (leads) {
        flights.put(key, flight);
      }
      flight.participants++;
    } finally {
      lock.unlock();
    }
    try {
      if (leads) {
        lead(key, flight, load);
      }
      return use.apply(await(flight));
    } finally {
      leave(flight, dispose);
    }
  }

  private void lead(K key, Flight<V> flight, Supplier<V> load) {
    V value = null;
    RuntimeException failure = new IllegalStateException("the load ended with an error");
    try {
      value = load.get();
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      lock.lock();
      try {
        flights.remove(key);
        flight.value = value;
        flight.failure = value == null ? failure : null;
        flight.done = true;
        flight.landed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private V await(Flight<V> flight) {
    lock.lock();
    try {
      while (!flight.done) {
        flight.landed.awaitUninterruptibly();
      }
      V value = flight.value;
      if (value == null) {
        RuntimeException failure = flight.failure;
        throw failure == null ? new IllegalStateException("nothing was loaded") : failure;
      }
      return value;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Flight<V> flight, Consumer<V> dispose) {
    V last = null;
    lock.lock();
    try {
      flight.participants--;
      if (flight.participants == 0) {
        last = flight.value;
      }
    } finally {
      lock.unlock();
    }
    if (last != null) {
      dispose.accept(last);
    }
  }
}
