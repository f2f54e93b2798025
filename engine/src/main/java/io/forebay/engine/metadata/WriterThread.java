package io.forebay.engine.metadata;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all operations that wait, runs them in one transaction, each
 * in a savepoint of its own, commits once (one fsync), publishes to the caches, and answers.
 */
final class WriterThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WriterThread.class);

  /** Operations in one transaction at the most: bounds how long the first of them waits. */
  private static final int MAX_BATCH = 512;

  /** Operations that wait at the most; more callers than this wait at the door. */
  private static final int MAX_WAITING = 4096;

  private final Sql sql;
  private final LogBound logBound;
  private final CommitLog commits;
  private final MetadataCaches caches;
  private final TimeSource time;
  private final IdCounters ids = new IdCounters();
  private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Counter transactions;
  private final Counter operations;
  private final Thread thread;
  private volatile boolean closed;

  WriterThread(
      Sql sql,
      LogBound logBound,
      CommitLog commits,
      MetadataCaches caches,
      TimeSource time,
      MeterRegistry meters) {
    this.sql = sql;
    this.logBound = logBound;
    this.commits = commits;
    this.caches = caches;
    this.time = time;
    this.transactions = meters.counter("forebay.metadata.transactions");
    this.operations = meters.counter("forebay.metadata.operations");
    meters.gauge("forebay.metadata.waiting", queue, BlockingQueue::size);
    this.thread = Thread.ofPlatform().name("metadata-writer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private static final class Pending<T> {
    private final Mutation<T> mutation;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private @Nullable T result;

    Pending(Mutation<T> mutation) {
      this.mutation = mutation;
    }

    void apply(Transaction transaction) {
      result = mutation.apply(transaction);
    }

    @SuppressWarnings("NullAway") // The result is what the mutation returned, nullness included.
    void succeed() {
      answer.complete(result);
    }

    void fail(Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }

  /** Runs a mutation and waits for its commit. */
  <T> T submit(Mutation<T> mutation) {
    if (Thread.currentThread() == thread) {
      throw new EngineException(ErrorCode.INTERNAL, "an operation started another operation");
    }
    Pending<T> pending = new Pending<>(mutation);
    enqueue(pending);
    return await(pending);
  }

  private void enqueue(Pending<?> pending) {
    try {
      while (!queue.offer(pending, 100, TimeUnit.MILLISECONDS)) {
        if (closed) {
          throw closedException();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.SHUTTING_DOWN, "interrupted before a commit");
    }
    // The thread may have ended before this one came; else it answers what it has taken.
    if (closed && queue.remove(pending)) {
      throw closedException();
    }
  }

  /**
   * An error means that nothing was done, so an interrupted caller gets one only while its
   * operation has not begun. Whoever believed a commit undone would let go of the bytes it names.
   */
  private <T> T await(Pending<T> pending) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return pending.answer.get();
        } catch (InterruptedException e) {
          interrupted = true;
          if (queue.remove(pending)) {
            throw new EngineException(ErrorCode.SHUTTING_DOWN, "interrupted before a commit");
          }
        }
      }
    } catch (ExecutionException e) {
      throw rethrown(e.getCause() == null ? e : e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static EngineException closedException() {
    return new EngineException(ErrorCode.SHUTTING_DOWN, "the metadata store is closed");
  }

  private static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof EngineException known) {
      return known;
    }
    return new EngineException(ErrorCode.INTERNAL, "an operation failed: " + cause, cause);
  }

  private void run() {
    List<Pending<?>> batch = new ArrayList<>(MAX_BATCH);
    try {
      while (!closed || !queue.isEmpty()) {
        Pending<?> first = queue.poll(50, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, MAX_BATCH - 1);
          commit(batch);
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      log.warn("event=metadata_writer_interrupted");
    } catch (RuntimeException | Error e) {
      // Disk and memory may differ now, so nothing goes on; a restart reads the disk.
      log.error("event=metadata_writer_died cause=\"{}\"", e, e);
      batch.forEach(each ->
          each.fail(new EngineException(ErrorCode.INTERNAL, "the metadata writer died", e)));
    } finally {
      closed = true;
      for (Pending<?> late = queue.poll(); late != null; late = queue.poll()) {
        late.fail(closedException());
      }
    }
  }

  private void commit(List<Pending<?>> waiting) {
    List<Pending<?>> applied = new ArrayList<>(waiting.size());
    Batch batch = new Batch(sql, caches, ids);
    try {
      sql.run("BEGIN IMMEDIATE");
      for (Pending<?> each : waiting) {
        if (applyOne(batch, each)) {
          applied.add(each);
        }
      }
      batch.flush(time.epochNanos());
      commit();
    } catch (RuntimeException | Error e) {
      rollBack();
      applied.forEach(each -> each.fail(e));
      waiting.forEach(each -> each.fail(e));
      log.error("event=metadata_commit_failed operations={} cause=\"{}\"", waiting.size(), e, e);
      return;
    }
    transactions.increment();
    operations.increment(applied.size());
    caches.publish(batch.changes());
    batch.changes().actions.forEach(WriterThread::runSafely);
    applied.forEach(Pending::succeed);
    logBound.afterCommit();
  }

  private void commit() {
    boolean done = false;
    commits.begin();
    try {
      sql.run("COMMIT");
      done = true;
    } finally {
      commits.end(done);
    }
  }

  private boolean applyOne(Batch batch, Pending<?> pending) {
    Transaction transaction = new Transaction(batch, time.epochNanos());
    sql.run("SAVEPOINT op");
    ids.mark();
    try {
      pending.apply(transaction);
      transaction.requireQuotas();
    } catch (RuntimeException | Error e) {
      sql.run("ROLLBACK TO op");
      sql.run("RELEASE op");
      ids.undo();
      pending.fail(e);
      return false;
    }
    sql.run("RELEASE op");
    batch.changes().add(transaction.changes());
    return true;
  }

  /** The commit stands, whatever an action makes of it. */
  private static void runSafely(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.error("event=metadata_commit_action_failed cause=\"{}\"", e, e);
    }
  }

  private void rollBack() {
    ids.forget();
    sql.rollBack();
  }

  /** Finishes what waits, then ends the thread. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
