package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A few read-only connections, each with a platform thread of its own: native code pins a virtual
 * thread's carrier, and there are few carriers.
 */
final class ReaderPool implements AutoCloseable {
  private static final int MAX_WAITING = 8192;

  private final ThreadPoolExecutor threads;
  private final ArrayBlockingQueue<Snapshot> idle;

  /** One for each reader; fair, so that who wants all of them gets them. */
  private final Semaphore turns;

  private final List<Sql> connections = new ArrayList<>();

  ReaderPool(List<Sql> connections) {
    this.connections.addAll(connections);
    this.idle = new ArrayBlockingQueue<>(connections.size());
    this.turns = new Semaphore(connections.size(), true);
    for (Sql each : connections) {
      idle.add(new Snapshot(each));
    }
    this.threads =
        new ThreadPoolExecutor(
            connections.size(),
            connections.size(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().name("metadata-reader-", 0).daemon().factory());
  }

  /** Runs a query in one read transaction: every statement sees the same commit. */
  <T> T read(Function<Snapshot, T> query) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      threads.execute(() -> {
        try {
          answer.complete(run(query));
        } catch (RuntimeException | Error e) {
          answer.completeExceptionally(e);
        }
      });
      return answer.get();
    } catch (RejectedExecutionException e) {
      throw threads.isShutdown()
          ? new EngineException(ErrorCode.SHUTTING_DOWN, "the metadata store is closed")
          : new EngineException(ErrorCode.THROTTLED, "too many metadata reads are waiting");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.SHUTTING_DOWN, "interrupted while reading metadata");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EngineException known) {
        throw known;
      }
      throw new EngineException(
          ErrorCode.INTERNAL, "a query failed: " + e.getCause(), e.getCause());
    }
  }

  private <T> T run(Function<Snapshot, T> query) {
    turns.acquireUninterruptibly();
    Snapshot snapshot = idle.remove();
    try {
      snapshot.sql().run("BEGIN");
      T result = query.apply(snapshot);
      snapshot.sql().run("COMMIT");
      return result;
    } catch (RuntimeException | Error e) {
      snapshot.sql().rollBack();
      throw e;
    } finally {
      idle.add(snapshot);
      turns.release();
    }
  }

  /**
   * Does something while nobody reads: lets the queries under way end first, and others wait.
   *
   * @param patienceNanos for the queries under way
   * @return whether it was done
   */
  boolean whileNobodyReads(long patienceNanos, Runnable work) throws InterruptedException {
    int all = connections.size();
    if (!turns.tryAcquire(all, patienceNanos, TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      work.run();
      return true;
    } finally {
      turns.release(all);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
      for (Sql each : connections) {
        each.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      throw Sql.failure(e);
    }
  }
}
