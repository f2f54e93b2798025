package io.forebay.engine.file;

import io.forebay.ambient.Invariant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time change the durable content of a file, and lets those who wait share the
 * outcome when it covers what they wrote. A turn is no lock: whoever has it may wait for disks and
 * the bucket. Thread-safe.
 */
final class CommitTurn {
  /** One thread's turn. */
  static final class Attempt {
    private long upTo = -1;
    private boolean ended;
    private @Nullable RuntimeException failure;

    private Attempt() {}
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Attempt current;

  /**
   * Waits for the turn.
   *
   * @param target the sequence to make durable; {@link Long#MAX_VALUE} for a turn of one's own
   * @return the attempt to {@link #end}, or null when another's attempt that covered the target
   *     succeeded meanwhile
   * @throws RuntimeException what another's attempt that covered the target failed with
   */
  @Nullable Attempt take(long target) {
    lock.lock();
    try {
      while (true) {
        Attempt other = current;
        if (other == null) {
          Attempt mine = new Attempt();
          current = mine;
          return mine;
        }
        while (!other.ended) {
          changed.awaitUninterruptibly();
        }
        if (other.upTo >= target) {
          RuntimeException failure = other.failure;
          if (failure != null) {
            throw failure;
          }
          return null;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A turn of one's own. */
  Attempt take() {
    Attempt mine = take(Long.MAX_VALUE);
    if (mine == null) {
      throw new IllegalStateException("nobody covers everything");
    }
    return mine;
  }

  /** This attempt is about everything up to, and with, this sequence. */
  void covers(Attempt attempt, long upTo) {
    lock.lock();
    try {
      attempt.upTo = upTo;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a turn.
   *
   * @param failure for those who wait for what the attempt covers
   */
  void end(Attempt attempt, @Nullable RuntimeException failure) {
    lock.lock();
    try {
      Invariant.check(attempt.equals(current), "only the one who has the turn ends it");
      attempt.ended = true;
      attempt.failure = failure;
      current = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
