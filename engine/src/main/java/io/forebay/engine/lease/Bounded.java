package io.forebay.engine.lease;

import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Requests that are not waited for longer than the lease allows, whatever the store's own bounds.
 */
final class Bounded {
  private Bounded() {}

  /**
   * Calls on a thread of its own; a call that is given up on may still take effect.
   *
   * @throws StoreException what the call threw; {@link Kind#AMBIGUOUS} when the time is up
   */
  static <T> T call(Duration patience, Supplier<T> request) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("lease-request")
        .start(() -> {
          try {
            answer.complete(request.get());
          } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new StoreException(
          Kind.AMBIGUOUS, "no answer within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Kind.AMBIGUOUS, "interrupted before the answer", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreException known) {
        throw known;
      }
      if (e.getCause() instanceof RuntimeException defect) {
        throw defect;
      }
      throw new StoreException(Kind.DOWN, "a request for the lease failed: " + e.getCause(), e);
    }
  }
}
