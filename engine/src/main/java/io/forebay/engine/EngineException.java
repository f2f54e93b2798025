package io.forebay.engine;

import org.jspecify.annotations.Nullable;

/**
 * The engine's one exception. The code is stable and decides what a frontend answers; the message
 * is for people. Without a cause it carries no stack trace: a client's mistake is not worth one.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public EngineException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public EngineException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause, false, cause != null || code == ErrorCode.INTERNAL);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }

  @Override
  public String toString() {
    return code + ": " + getMessage();
  }
}
