package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the write-ahead log from growing for ever. SQLite begins the log anew when nobody reads
 * from it, which never happens to be so while readers come and go without a pause; then they have
 * to be waited for (sqlite.org/wal.html, "Avoiding Excessively Large WAL Files"). Used by the
 * writer between transactions.
 *
 * <p>SQLite never does this by itself here ({@link MetadataStore} turns that off): whoever takes
 * the log elsewhere ({@link LogKeeper}) must have all of it before.
 */
final class LogBound {
  /** Eight times what SQLite would let pile up by itself. */
  static final long LIMIT = 32L << 20;

  /** Readers take milliseconds; one that takes longer is not worth it to hold up all others. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final Logger log = LoggerFactory.getLogger(LogBound.class);

  /** How much the log grows before a reset that was not possible is tried again. */
  private static final long STEP = 4L << 20;

  private final Sql sql;
  private final ReaderPool readers;
  private final CommitLog commits;
  private final long limit;
  private long next;

  /**
   * @param limit of the log, in bytes
   */
  LogBound(Sql sql, ReaderPool readers, CommitLog commits, long limit) {
    this.sql = sql;
    this.readers = readers;
    this.commits = commits;
    this.limit = limit;
    this.next = limit;
  }

  void afterCommit() {
    try {
      if (commits.isDue(next)) {
        long bytes = commits.bytes();
        // Should it fail, not at every commit again.
        next = begin() ? limit : Math.max(limit, bytes + Math.min(limit, STEP));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | EngineException e) {
      sql.rollBack();
      log.warn("event=metadata_log_checkpoint_failed cause=\"{}\"", e.toString());
    }
  }

  /** Lets the log begin anew, if everything in it has been taken where it is to be. */
  private boolean begin() throws IOException, InterruptedException {
    if (!commits.beginReset()) {
      return false;
    }
    boolean done = false;
    try {
      done = truncate() && commits.bytes() == 0;
    } finally {
      commits.endReset(done);
    }
    return done;
  }

  private boolean truncate() throws InterruptedException {
    boolean done =
        readers.whileNobodyReads(
            PATIENCE_NANOS,
            () -> sql.find("PRAGMA wal_checkpoint(TRUNCATE)", row -> row.getInt(1)));
    if (!done) {
      log.info("event=metadata_log_grows reason=\"a reader takes long\"");
    }
    return done;
  }
}
