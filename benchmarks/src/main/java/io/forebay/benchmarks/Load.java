package io.forebay.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a fixed number of operations from a fixed number of workers, each with a connection. */
final class Load {
  private Load() {}

  /** One connection's worth of operations. */
  interface Worker extends AutoCloseable {
    /**
     * Does operation {@code index}.
     *
     * @return bytes of payload moved
     */
    long run(int index) throws Exception;

    @Override
    void close() throws IOException;
  }

  /** Opens a worker's connection. */
  interface Opener {
    Worker open() throws Exception;
  }

  /**
   * @param operations in all, shared out as workers become free
   * @param concurrency workers
   */
  static Measurement run(int operations, int concurrency, Opener opener) throws Exception {
    long[] latencies = new long[operations];
    AtomicInteger next = new AtomicInteger();
    List<Worker> workers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(concurrency)) {
      for (int i = 0; i < concurrency; i++) {
        workers.add(opener.open());
      }
      long start = System.nanoTime();
      List<Future<Long>> done = new ArrayList<>();
      for (Worker worker : workers) {
        done.add(threads.submit(() -> drive(worker, next, latencies)));
      }
      long bytes = 0;
      for (Future<Long> each : done) {
        bytes += each.get();
      }
      long wall = System.nanoTime() - start;
      Arrays.sort(latencies);
      return new Measurement(
          operations,
          bytes,
          wall,
          latencies[operations / 2],
          latencies[(int) Math.min(operations - 1L, operations * 99L / 100)]);
    } finally {
      for (Worker worker : workers) {
        worker.close();
      }
    }
  }

  private static long drive(Worker worker, AtomicInteger next, long[] latencies) throws Exception {
    long bytes = 0;
    for (int i = next.getAndIncrement(); i < latencies.length; i = next.getAndIncrement()) {
      long start = System.nanoTime();
      bytes += worker.run(i);
      latencies[i] = System.nanoTime() - start;
    }
    return bytes;
  }
}
