package io.forebay.engine.cache;

import java.util.concurrent.locks.ReentrantLock;

/**
 * What is thought of a disk. Errors make it UNSTABLE (read, not filled), more of them DOWN (left
 * alone); probes that succeed bring it back step by step. Thread-safe.
 */
final class DiskHealth {
  /** How far a disk is used. */
  enum State {
    NORMAL,
    UNSTABLE,
    DOWN
  }

  /** Errors in state UNSTABLE that bring a disk down. */
  static final int ERRORS_TO_DOWN = 5;

  /** Good probes in a row that make an unstable disk normal. */
  static final int PROBES_TO_NORMAL = 3;

  private final ReentrantLock lock = new ReentrantLock();
  private State state = State.NORMAL;
  private int errors;
  private int goodProbes;

  State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** An access failed for the disk's fault. Returns the state after. */
  State failed() {
    lock.lock();
    try {
      goodProbes = 0;
      errors++;
      state =
          switch (state) {
            case NORMAL -> State.UNSTABLE;
            case UNSTABLE -> errors > ERRORS_TO_DOWN ? State.DOWN : State.UNSTABLE;
            case DOWN -> State.DOWN;
          };
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** It cannot be used at all. */
  void unusable() {
    lock.lock();
    try {
      goodProbes = 0;
      state = State.DOWN;
    } finally {
      lock.unlock();
    }
  }

  /** A probe of a disk that is not normal succeeded. Returns the state after. */
  State probed() {
    lock.lock();
    try {
      if (state == State.DOWN) {
        state = State.UNSTABLE;
        errors = 0;
        goodProbes = 0;
      }
      goodProbes++;
      if (goodProbes >= PROBES_TO_NORMAL) {
        state = State.NORMAL;
        errors = 0;
      }
      return state;
    } finally {
      lock.unlock();
    }
  }
}
