package io.forebay.engine.maintenance;

import io.forebay.engine.segment.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that repeats, each on a virtual thread of its own so that none waits for another. A failure
 * is logged once, stands among the problems until the work succeeds again, and ends nothing.
 */
public final class BackgroundLoops implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BackgroundLoops.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  private final Problems problems;
  private final List<Thread> loops = new ArrayList<>();

  public BackgroundLoops(Problems problems) {
    this.problems = problems;
  }

  /**
   * Runs work again and again. Not thread-safe.
   *
   * @param name for people, and for the thread
   * @param pause between the end of one run and the begin of the next; comes first
   * @param work may block; has to end soon after its thread is interrupted
   */
  public void start(String name, Duration pause, Runnable work) {
    loops.add(Thread.ofVirtual().name(name).start(() -> repeat(name, pause.toNanos(), work)));
  }

  private void repeat(String name, long pauseNanos, Runnable work) {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(pauseNanos);
      if (!Thread.currentThread().isInterrupted()) {
        runSafely(name, work);
      }
    }
  }

  private void runSafely(String name, Runnable work) {
    try {
      work.run();
      problems.clear("loop " + name);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      if (problems.report("loop " + name, "background work (" + name + ") fails: " + e)) {
        log.error("background work ({}) fails, going on", name, e);
      }
    }
  }

  /** Ends all loops: interrupts them and waits until what runs has ended. */
  @Override
  public void close() {
    loops.forEach(Thread::interrupt);
    try {
      for (Thread loop : loops) {
        if (!loop.join(STOP_PATIENCE)) {
          log.warn("{} does not stop", loop.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
