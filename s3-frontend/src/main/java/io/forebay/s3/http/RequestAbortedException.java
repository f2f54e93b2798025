package io.forebay.s3.http;

/**
 * The client went away, or its connection is of no more use: there is nobody to answer. No stack
 * trace.
 */
public final class RequestAbortedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RequestAbortedException(String message) {
    super(message, null, false, false);
  }
}
