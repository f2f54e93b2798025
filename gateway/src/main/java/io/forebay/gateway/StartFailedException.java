package io.forebay.gateway;

import io.forebay.gateway.cli.ExitCode;
import org.jspecify.annotations.Nullable;

/** The gateway cannot start. The message is for the user, one line, and says what to do. */
final class StartFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  StartFailedException(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
