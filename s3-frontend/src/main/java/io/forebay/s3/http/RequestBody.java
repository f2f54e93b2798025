package io.forebay.s3.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a request, pulled. One thread at a time, a virtual one: reads block. What arrives
 * before it is pulled is bounded; beyond the bound the connection is not read.
 */
public interface RequestBody extends AutoCloseable {
  /** Bytes that {@link #read} will return in all, or -1 when nobody said. */
  long declaredLength();

  /**
   * The next bytes. The first call asks a client that expects it to continue. Whatever the request
   * promised of its content (length, hash, signatures of chunks) is checked by the time this says
   * that the end is reached, so nothing may be published before.
   *
   * @return one byte or more, the caller's until the next call; null at the end, as often as asked
   * @throws RequestAbortedException when the client is gone or the rest will never come
   */
  @Nullable ByteBuffer read();

  /** The trailer fields; none before the end. */
  Headers trailers();

  /** Lets go of whatever was not read. Idempotent. */
  @Override
  void close();
}
