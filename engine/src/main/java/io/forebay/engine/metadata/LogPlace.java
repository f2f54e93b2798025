package io.forebay.engine.metadata;

/**
 * A place in SQLite's write-ahead log, behind a frame (sqlite.org/fileformat2.html, "The
 * Write-Ahead Log"). The running checksum covers every frame before it, so a log that agrees here
 * is the same log.
 *
 * @param salt1 of the log's header; another after each time the log begins anew
 * @param salt2 as {@code salt1}
 * @param frames how many are before this place
 * @param sum1 running checksum behind the last of them
 * @param sum2 as {@code sum1}
 */
public record LogPlace(int salt1, int salt2, int frames, int sum1, int sum2) {
  /** The beginning of whatever log is there. */
  public static final LogPlace BEGINNING = new LogPlace(0, 0, 0, 0, 0);

  /** Whether both are in one log. */
  public boolean isSameLog(LogPlace other) {
    return salt1 == other.salt1 && salt2 == other.salt2;
  }
}
