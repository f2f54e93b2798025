package io.forebay.engine.object;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.object.StoreException.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Tries again what may succeed then, until a deadline. A conditional put whose answer was lost is
 * decided by looking: when the object has exactly our bytes, it was ours. Its callers therefore
 * write bytes that nobody else writes (a lease carries its holder and epoch).
 */
public final class RetryingObjectStore implements ObjectStore {
  private final ObjectStore inner;
  private final RetryPolicy policy;
  private final TimeSource time;
  private final RandomGenerator random;

  /**
   * @param inner closed with this
   * @param random thread-safe
   */
  public RetryingObjectStore(
      ObjectStore inner, RetryPolicy policy, TimeSource time, RandomGenerator random) {
    this.inner = inner;
    this.policy = policy;
    this.time = time;
    this.random = random;
  }

  @Override
  public String put(String key, Body body) {
    return retry(() -> inner.put(key, body));
  }

  @Override
  public void get(String key, long offset, ByteBuffer target) {
    int start = target.position();
    retry(() -> {
      target.position(start);
      inner.get(key, offset, target);
      return key;
    });
  }

  @Override
  public Fetched fetch(String key, int maximum) {
    return retry(() -> inner.fetch(key, maximum));
  }

  @Override
  public Optional<Stat> stat(String key) {
    return retry(() -> inner.stat(key));
  }

  @Override
  public void delete(String key) {
    retry(() -> {
      inner.delete(key);
      return key;
    });
  }

  @Override
  public ListPage list(String prefix, String after, int limit) {
    return retry(() -> inner.list(prefix, after, limit));
  }

  @Override
  public String putIf(String key, ByteBuffer body, Optional<String> expected) {
    ByteBuffer bytes = body.asReadOnlyBuffer();
    Attempts attempts = new Attempts();
    boolean mayHaveLanded = false;
    while (true) {
      try {
        if (mayHaveLanded) {
          Optional<Fetched> present = look(key, bytes.remaining());
          if (present.isPresent() && present.get().bytes().equals(bytes)) {
            return present.get().version();
          }
          if (!present.map(Fetched::version).equals(expected)) {
            throw new StoreException(Kind.CONFLICT, key + " was written by somebody else");
          }
        }
        return inner.putIf(key, bytes.duplicate(), expected);
      } catch (StoreException e) {
        if (e.kind() == Kind.CONFLICT && mayHaveLanded) {
          // An earlier attempt may have arrived late, after we looked: look once more.
          Optional<Fetched> present = retry(() -> look(key, bytes.remaining()));
          if (present.isPresent() && present.get().bytes().equals(bytes)) {
            return present.get().version();
          }
          throw e;
        }
        mayHaveLanded |= e.kind() == Kind.AMBIGUOUS;
        attempts.failed(e);
      }
    }
  }

  private Optional<Fetched> look(String key, int length) {
    try {
      return Optional.of(inner.fetch(key, Math.max(length, 1 << 20)));
    } catch (StoreException e) {
      if (e.kind() == Kind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private <T> T retry(Supplier<T> operation) {
    Attempts attempts = new Attempts();
    while (true) {
      try {
        return operation.get();
      } catch (StoreException e) {
        attempts.failed(e);
      }
    }
  }

  /** Counts the failures of one call. */
  private final class Attempts {
    private final long deadlineNanos = time.monotonicNanos() + policy.deadline().toNanos();
    private int failures;

    /** Returns when it is time for another attempt; throws {@code e} when there is none. */
    void failed(StoreException e) {
      if (!isWorthAnother(e.kind())) {
        throw e;
      }
      failures++;
      long delay = policy.delayNanos(failures, random);
      if (time.monotonicNanos() + delay - deadlineNanos >= 0) {
        throw e;
      }
      long until = time.monotonicNanos() + delay;
      for (long left = delay; left > 0; left = until - time.monotonicNanos()) {
        LockSupport.parkNanos(left);
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }

    private boolean isWorthAnother(Kind kind) {
      return switch (kind) {
        case THROTTLED, AMBIGUOUS, DOWN -> true;
        case MISSING, CONFLICT, CORRUPT, REFUSED -> false;
      };
    }
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
