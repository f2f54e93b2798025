package io.forebay.ambient;

/**
 * Checks that stay on in production. A broken invariant is a bug of ours, never a client's mistake:
 * it stops the operation, loudly.
 */
public final class Invariant {
  private Invariant() {}

  /** Thrown when the program contradicts itself. */
  public static final class BrokenInvariantException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenInvariantException(String message) {
      super(message);
    }
  }

  /** Throws unless {@code holds}. */
  public static void check(boolean holds, String message) {
    if (!holds) {
      throw new BrokenInvariantException(message);
    }
  }

  /** As {@link #check(boolean, String)}, with one number for the message. */
  public static void check(boolean holds, String message, long value) {
    if (!holds) {
      throw new BrokenInvariantException(message + ": " + value);
    }
  }
}
