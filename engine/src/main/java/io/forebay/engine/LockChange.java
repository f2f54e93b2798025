package io.forebay.engine;

/** What is to become of a version's lock. */
public sealed interface LockChange {
  /**
   * Sets the retention.
   *
   * @param mode NONE: removes it
   * @param untilNanos its end, since 1970-01-01T00:00:00Z
   * @param bypassGovernance whether a GOVERNANCE retention may be weakened
   */
  record Retention(ObjectLock.Mode mode, long untilNanos, boolean bypassGovernance)
      implements LockChange {}

  record LegalHold(boolean held) implements LockChange {}
}
