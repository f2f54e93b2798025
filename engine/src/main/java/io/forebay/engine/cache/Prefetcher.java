package io.forebay.engine.cache;

import io.forebay.engine.EngineException;
import io.forebay.engine.segment.SegmentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings blocks in before they are asked for: a bounded queue, a few virtual threads. */
final class Prefetcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Prefetcher.class);
  private static final int QUEUE = 1024;

  /** Gets a block. */
  interface Bringer {
    void bringIn(SegmentId segment, int block);
  }

  private record Wish(SegmentId segment, int block) {}

  private final int workers;
  private final Bringer bringer;
  private final CacheMetrics metrics;
  private final ArrayBlockingQueue<Wish> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Set<Wish> waiting = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();

  Prefetcher(int workers, Bringer bringer, CacheMetrics metrics) {
    this.workers = workers;
    this.bringer = bringer;
    this.metrics = metrics;
  }

  void start() {
    for (int i = 0; i < workers; i++) {
      threads.add(Thread.ofVirtual().name("prefetch-" + i).start(this::work));
    }
  }

  /** Never blocks; drops the wish when the queue is full. */
  void wish(SegmentId segment, int block) {
    Wish wish = new Wish(segment, block);
    if (waiting.add(wish) && !queue.offer(wish)) {
      waiting.remove(wish);
      metrics.prefetchDropped();
    }
  }

  private void work() {
    while (!Thread.currentThread().isInterrupted()) {
      Wish wish;
      try {
        wish = queue.take();
      } catch (InterruptedException e) {
        return;
      }
      try {
        bringer.bringIn(wish.segment(), wish.block());
        metrics.prefetched();
      } catch (EngineException e) {
        // Whoever reads it gets the error; here nobody waits.
        log.debug("not read ahead: {}", e.toString());
        metrics.prefetchDropped();
      } catch (RuntimeException e) {
        log.warn("reading ahead failed", e);
      } finally {
        waiting.remove(wish);
      }
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
