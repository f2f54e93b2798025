package io.forebay.engine.metadata;

/**
 * Who takes the log somewhere else and therefore has a say in when it begins anew. Called by the
 * writer, between transactions.
 */
public interface LogKeeper {
  /** Whether the log should begin anew although it is small. Never blocks. */
  boolean wantsReset();

  /**
   * The log is to begin anew.
   *
   * @param position of the last commit
   * @return whether it may: everything in it has been taken, and a crash from here on is provided
   *     for; waits for that, longer when the log is large, and not at all for a bucket that fails
   */
  boolean beforeReset(long position);

  /**
   * Follows each {@link #beforeReset} that allowed it.
   *
   * @param done whether the log is empty now and the database's file has everything
   */
  void afterReset(boolean done);

  /** The log begins anew with commits in it that were not taken: it is too large to stay. */
  void abandon();
}
