package io.forebay.engine.shipping;

import java.util.function.Consumer;

/**
 * What a recovery did.
 *
 * @param moment of the last commit that was restored, since 1970-01-01T00:00:00Z; 0 when it was
 *     made from segments alone
 * @param objects of the log that were replayed
 * @param inodes of the volume
 * @param bytes of the volume's files
 * @param lostSegments that files refer to and the bucket does not have
 * @param damagedFiles that have bytes in them
 * @param isComplete whether the log was whole to its last object
 */
public record RecoveryReport(
    long moment,
    long objects,
    long inodes,
    long bytes,
    long lostSegments,
    long damagedFiles,
    boolean isComplete) {
  /** Takes what happens, line by line, for people. */
  public interface Progress extends Consumer<String> {}
}
