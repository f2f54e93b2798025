package io.forebay.engine;

/** What to do with a time stamp. */
public sealed interface TimeChange {
  /** Leave it. */
  record Keep() implements TimeChange {}

  /** Set it to the gateway's clock. Needs write permission only. */
  record Now() implements TimeChange {}

  /**
   * Set it. Needs ownership.
   *
   * @param epochNanos nanoseconds since 1970-01-01T00:00:00Z
   */
  record To(long epochNanos) implements TimeChange {}

  TimeChange KEEP = new Keep();
  TimeChange NOW = new Now();
}
