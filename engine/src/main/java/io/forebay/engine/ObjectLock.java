package io.forebay.engine;

/**
 * What keeps a version of an object from being destroyed (Amazon S3 User Guide, "Locking objects
 * with Object Lock").
 *
 * @param mode of the retention
 * @param retainUntilNanos its end, since 1970-01-01T00:00:00Z; 0 without a retention
 * @param legalHold whether it is held whatever the retention
 */
public record ObjectLock(Mode mode, long retainUntilNanos, boolean legalHold) {
  public static final ObjectLock NONE = new ObjectLock(Mode.NONE, 0, false);

  /** How a retention can be undone; the position is stored. */
  public enum Mode {
    NONE,
    /** By who may bypass it. */
    GOVERNANCE,
    /** By nobody. */
    COMPLIANCE
  }

  /** Whether the version must not be destroyed. */
  public boolean holds(long nowNanos, boolean bypassGovernance) {
    return legalHold || (retains(nowNanos) && !(mode == Mode.GOVERNANCE && bypassGovernance));
  }

  /** Whether a retention is in force. */
  public boolean retains(long nowNanos) {
    return mode != Mode.NONE && retainUntilNanos > nowNanos;
  }

  public ObjectLock withLegalHold(boolean held) {
    return new ObjectLock(mode, retainUntilNanos, held);
  }

  public ObjectLock withRetention(Mode newMode, long untilNanos) {
    return new ObjectLock(newMode, untilNanos, legalHold);
  }
}
