package io.forebay.s3.http;

import io.forebay.engine.Payload;

/** Bytes of an answer, pulled as fast as the client takes them. One thread at a time. */
public interface PayloadSource extends AutoCloseable {
  /**
   * The next bytes; blocks. Not called any more once the promised length was returned.
   *
   * @return not empty, the caller's to close. How much is at the source's choice: a few of them are
   *     held per connection, so about 1 MiB
   * @throws RuntimeException when there are none: the connection is then closed short of the
   *     promised length, since the head has left
   */
  Payload next();

  /** Called once, whether all was pulled or not; payloads handed out may outlive it. */
  @Override
  void close();
}
