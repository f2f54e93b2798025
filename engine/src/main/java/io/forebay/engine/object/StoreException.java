package io.forebay.engine.object;

import org.jspecify.annotations.Nullable;

/** One attempt at the object store failed. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a failure means for the caller. */
  public enum Kind {
    /** There is no such object. */
    MISSING,
    /** A condition did not hold. */
    CONFLICT,
    /** The store asks to slow down. Retry later. */
    THROTTLED,
    /**
     * It is unknown whether the operation took effect: the answer was lost. Repeating a put or
     * delete of a segment is harmless; a conditional put has to look first.
     */
    AMBIGUOUS,
    /** It took no effect: not reachable, a server error before anything was sent. Retry. */
    DOWN,
    /** Wrong, short or surplus bytes. */
    CORRUPT,
    /** The store refuses for good: credentials, permission, no such bucket, a full disk. */
    REFUSED
  }

  private final Kind kind;

  public StoreException(Kind kind, String message) {
    this(kind, message, null);
  }

  public StoreException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  @Override
  public String toString() {
    return kind + ": " + getMessage();
  }
}
