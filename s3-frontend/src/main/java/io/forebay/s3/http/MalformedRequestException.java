package io.forebay.s3.http;

/** A request that is not HTTP, or whose target is not a URI. A client's mistake: no stack trace. */
public final class MalformedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong; each is answered with a code of its own. */
  public enum Reason {
    /** The target is no path and query of well-formed UTF-8. */
    TARGET,
    /** The request line is longer than the bound. */
    LINE_TOO_LONG,
    /** Too many, or too long, header fields. */
    HEAD_TOO_LARGE,
    /** Framing that two parties may read differently, or cannot read at all. */
    FRAMING,
    /** An HTTP version other than 1.0 and 1.1. */
    VERSION,
    /** An expectation other than 100-continue. */
    EXPECTATION,
  }

  private final Reason reason;

  public MalformedRequestException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
