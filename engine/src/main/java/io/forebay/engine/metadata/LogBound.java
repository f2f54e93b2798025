package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the write-ahead log from growing for ever. SQLite begins the log anew when nobody reads
 * from it, which never happens to be so while readers come and go without a pause; then they have
 * to be waited for (sqlite.org/wal.html, "Avoiding Excessively Large WAL Files"). Used by the
 * writer between transactions.
 */
final class LogBound {
  /** Eight times what SQLite lets pile up by itself. */
  static final long LIMIT = 32L << 20;

  /** Readers take milliseconds; one that takes longer is not worth it to hold up all others. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final Logger log = LoggerFactory.getLogger(LogBound.class);

  private final Sql sql;
  private final ReaderPool readers;
  private final Path file;
  private final long limit;
  private long next;

  /**
   * @param database the database's file
   * @param limit of the log, in bytes
   */
  LogBound(Sql sql, ReaderPool readers, Path database, long limit) {
    this.sql = sql;
    this.readers = readers;
    this.limit = limit;
    this.next = limit;
    this.file = database.resolveSibling(database.getFileName() + "-wal");
  }

  void afterCommit() {
    try {
      long bytes = Files.size(file);
      if (bytes >= next) {
        // Should it fail, not at every commit again.
        next = truncate() ? limit : bytes + limit;
      }
    } catch (NoSuchFileException e) {
      next = limit;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | EngineException e) {
      sql.rollBack();
      log.warn("event=metadata_log_checkpoint_failed cause=\"{}\"", e.toString());
    }
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
