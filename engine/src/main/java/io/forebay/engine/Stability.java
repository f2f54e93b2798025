package io.forebay.engine;

/** What a write asks for. */
public enum Stability {
  /** Visible, promised nothing; a crash may drop it whole. */
  UNSTABLE,
  /** Durable before the answer, by the file system's {@link Durability}. */
  DURABLE
}
