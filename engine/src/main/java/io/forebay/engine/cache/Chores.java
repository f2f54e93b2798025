package io.forebay.engine.cache;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Runs what is put off (deletions of evicted files), and knows when it is done. Thread-safe. */
final class Chores implements Executor {
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int underWay;

  Chores(Executor executor) {
    this.executor = executor;
  }

  @Override
  public void execute(Runnable chore) {
    count(1);
    boolean accepted = false;
    try {
      executor.execute(() -> {
        try {
          chore.run();
        } finally {
          count(-1);
        }
      });
      accepted = true;
    } finally {
      if (!accepted) {
        count(-1);
      }
    }
  }

  private void count(int change) {
    lock.lock();
    try {
      underWay += change;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is under way, for as long as {@code nanos}. */
  void awaitDone(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (underWay > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
