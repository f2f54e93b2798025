package io.forebay.s3.http;

import java.util.Optional;
import java.util.function.Function;

/**
 * A request to be answered: once, from one thread that may block, then closed. The connection goes
 * on to its next request when this one is answered.
 */
public interface Exchange extends AutoCloseable {
  RequestHead head();

  /** Why the request must not be acted upon but only be answered; the connection ends with it. */
  Optional<MalformedRequestException> defect();

  /** As received; {@link #close} closes it. */
  RequestBody body();

  /** Bytes of the body that have arrived so far. */
  long receivedBytes();

  /**
   * Sends, and waits until all of it has left or cannot leave. The answer to HEAD loses its body.
   *
   * @param response given away; its source is closed, sent or not
   * @param failures what to answer for a failure while there is still nothing sent
   */
  Sent respond(Response response, Function<Throwable, Response> failures);

  /** Lets go of everything; without an answer, of the connection too. Idempotent. */
  @Override
  void close();
}
