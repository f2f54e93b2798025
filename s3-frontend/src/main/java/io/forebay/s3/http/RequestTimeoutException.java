package io.forebay.s3.http;

/** The client is connected but sends nothing more of a body. No stack trace. */
public final class RequestTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RequestTimeoutException() {
    super("no bytes of the body for too long", null, false, false);
  }
}
