package io.forebay.s3.http;

import io.forebay.ambient.TimeSource;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way from the event loop, which offers and never waits, to the request's thread,
 * which reads. The queue is lock-free; its bound is kept by the connection, which stops reading the
 * socket at it.
 */
final class QueuedBody implements RequestBody {
  /** What a queued piece costs beside its bytes: tiny pieces must not be free. */
  private static final int PIECE_OVERHEAD_BYTES = 256;

  /** What the connection hears from the reading side; called on the request's thread. */
  interface Listener {
    /** The body is wanted: a client that waits for that is to be told. Called once. */
    void wanted();

    /** A piece was taken. */
    void taken();
  }

  private record End(@Nullable RuntimeException failure, Headers trailers) {}

  private final long declaredLength;
  private final TimeSource time;
  private final Listener listener;
  private final Queue<ByteBuf> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong queuedBytes = new AtomicLong();

  /** Written by the event loop after the last piece; so a reader that sees it sees all pieces. */
  private volatile @Nullable End end;

  private volatile boolean closed;
  private volatile long receivedBytes;

  /** The parked reader, for the event loop to wake and to time. */
  private volatile @Nullable Thread reader;

  private volatile long waitingSinceNanos;

  // Of the reading thread.
  private boolean asked;
  private @Nullable ByteBuf current;

  /**
   * For one request.
   *
   * @param declaredLength in bytes, or -1
   */
  QueuedBody(long declaredLength, TimeSource time, Listener listener) {
    this.declaredLength = declaredLength;
    this.time = time;
    this.listener = listener;
  }

  // --- the event loop's side

  /** Takes ownership of {@code piece}. */
  void offer(ByteBuf piece) {
    int length = piece.readableBytes();
    if (length == 0 || closed) {
      receive(length);
      piece.release();
      return;
    }
    queuedBytes.addAndGet(length + PIECE_OVERHEAD_BYTES);
    queue.add(piece);
    receive(length);
    if (closed) {
      discardQueue();
    }
    wake();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the event loop only
  private void receive(int length) {
    receivedBytes += length;
  }

  /** The whole body was offered. */
  void complete(Headers trailers) {
    end(new End(null, trailers));
  }

  /** The rest will not come. The first end counts. */
  void fail(RuntimeException failure) {
    end(new End(failure, Headers.NONE));
  }

  private void end(End how) {
    if (end == null) {
      end = how;
    }
    wake();
  }

  private void wake() {
    Thread waiting = reader;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /** Lets go of what nobody reads any more; what is offered later goes the same way. */
  void discard() {
    closed = true;
    discardQueue();
  }

  private void discardQueue() {
    for (ByteBuf piece = queue.poll(); piece != null; piece = queue.poll()) {
      unqueue(piece);
      piece.release();
    }
  }

  private void unqueue(ByteBuf piece) {
    queuedBytes.addAndGet(-piece.readableBytes() - PIECE_OVERHEAD_BYTES);
  }

  /** Bytes that have arrived, taken or not. */
  long receivedBytes() {
    return receivedBytes;
  }

  /** Memory held by what was offered and not taken. */
  long queuedBytes() {
    return queuedBytes.get();
  }

  /** Whether everything was offered. */
  boolean isComplete() {
    End how = end;
    return how != null && how.failure() == null;
  }

  /** Bytes that the client has yet to send; -1 when unknown. */
  long outstandingBytes() {
    return isComplete() ? 0 : declaredLength < 0 ? -1 : declaredLength - receivedBytes;
  }

  /** How long a reader has been waiting for bytes; 0 when none is. */
  long waitedNanos(long now) {
    return reader != null && queue.isEmpty() ? now - waitingSinceNanos : 0;
  }

  // --- the request's side

  @Override
  public long declaredLength() {
    return declaredLength;
  }

  @Override
  public @Nullable ByteBuffer read() {
    releaseCurrent();
    if (!asked) {
      asked = true;
      listener.wanted();
    }
    while (true) {
      End how = end;
      if (how != null && how.failure() != null) {
        throw how.failure();
      }
      ByteBuf piece = queue.poll();
      if (piece != null) {
        unqueue(piece);
        current = piece;
        listener.taken();
        return piece.nioBuffer();
      }
      if (how != null) {
        return null;
      }
      await();
    }
  }

  private void await() {
    waitingSinceNanos = time.monotonicNanos();
    reader = Thread.currentThread();
    if (queue.isEmpty() && end == null) {
      LockSupport.park(this);
      // Nobody interrupts requests; a stray interrupt must not turn this into a busy loop.
      Thread.interrupted();
    }
    reader = null;
  }

  @Override
  public Headers trailers() {
    End how = end;
    return how == null ? Headers.NONE : how.trailers();
  }

  @Override
  public void close() {
    releaseCurrent();
    discard();
  }

  private void releaseCurrent() {
    if (current != null) {
      current.release();
      current = null;
    }
  }
}
