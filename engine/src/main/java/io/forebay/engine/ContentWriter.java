package io.forebay.engine;

import java.nio.ByteBuffer;

/**
 * Bytes of an object or a part on their way in: staged, invisible and without a name until a method
 * of {@link ObjectView} publishes them. One thread at a time. Closing a writer that was not
 * published drops its bytes; closing a published one does nothing.
 */
public interface ContentWriter extends AutoCloseable {
  /**
   * Appends.
   *
   * @param data any length; the caller's again on return
   * @throws EngineException {@link ErrorCode#THROTTLED} when staging is full, {@link
   *     ErrorCode#NO_SPACE}, {@link ErrorCode#QUOTA_EXCEEDED}
   */
  void write(ByteBuffer data);

  /** Bytes written so far. */
  long length();

  @Override
  void close();
}
