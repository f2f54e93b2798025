package io.forebay.engine.segment;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes that staging may hold. A writer that finds it full waits a little, so that writers slow to
 * the speed of the upload, and is then refused. Thread-safe.
 */
final class StagingBudget {
  private final long limit;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private long used;
  private int waiting;

  StagingBudget(long limit, Duration patience) {
    this.limit = limit;
    this.patience = patience;
  }

  /**
   * Takes {@code bytes}.
   *
   * @param pressure called once, without the lock, when there is no room: to have more uploaded
   * @throws EngineException {@link ErrorCode#THROTTLED}
   */
  void take(long bytes, Runnable pressure) {
    if (tryTake(bytes)) {
      return;
    }
    pressure.run();
    lock.lock();
    waiting++;
    try {
      long left = patience.toNanos();
      while (!fits(bytes)) {
        if (left <= 0) {
          throw new EngineException(
              ErrorCode.THROTTLED, "staging is full: " + used + " of " + limit + " bytes");
        }
        left = released.awaitNanos(left);
      }
      used += bytes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.THROTTLED, "interrupted while staging was full");
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  private boolean tryTake(long bytes) {
    lock.lock();
    try {
      if (!fits(bytes)) {
        return false;
      }
      used += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A single write larger than the whole budget passes when nothing else is there. */
  private boolean fits(long bytes) {
    return used + bytes <= limit || used == 0;
  }

  /** What is there already at start; may exceed the limit. */
  void charge(long bytes) {
    lock.lock();
    try {
      used += bytes;
    } finally {
      lock.unlock();
    }
  }

  void release(long bytes) {
    lock.lock();
    try {
      used -= bytes;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  /** Whether writers are slowed down now. */
  boolean isFull() {
    lock.lock();
    try {
      return waiting > 0 || used >= limit;
    } finally {
      lock.unlock();
    }
  }
}
