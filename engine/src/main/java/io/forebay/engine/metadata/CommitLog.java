package io.forebay.engine.metadata;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commits of a metadata store as changes of pages, for who takes them elsewhere. Between two
 * times the log begins anew, the database's file does not change, and everything since is in the
 * log; both can be read meanwhile. Thread-safe.
 *
 * <p>The file is opened once and closed after SQLite's connections: closing any descriptor of it
 * would let go of the locks that SQLite holds (sqlite.org/howtocorrupt.html, section 2.2). For the
 * same reason no thread that reads it may be interrupted: that closes a channel.
 */
public final class CommitLog implements AutoCloseable {
  /** Of a log with commits that nobody takes: then it is given up, and begins anew. */
  static final long HARD_LIMIT = 1L << 30;

  private static final Logger log = LoggerFactory.getLogger(CommitLog.class);

  private final Path file;
  private final FileChannel database;
  private final FileChannel logChannel;
  private final LogFile frames;
  private final ContinuityNote note;
  private final TimeSource time;
  private final long hardLimit;

  /** Of the transaction that began last; the writer's. */
  private final AtomicLong begun = new AtomicLong(1);

  private final ReentrantLock lock = new ReentrantLock();
  private long committed = 1;
  private long committedBytes;
  private long committedNanos;
  private long waitingSinceNanos;
  private boolean waiting;
  private long resets;
  private boolean isResetting;
  private final List<Hold> holds = new ArrayList<>();
  private volatile @Nullable LogKeeper keeper;

  /**
   * @param directory of the database
   * @param name of the database's file in it; open
   */
  CommitLog(Path directory, String name, TimeSource time, long hardLimit) throws IOException {
    this.file = directory.resolve(name);
    this.time = time;
    this.hardLimit = hardLimit;
    this.database = FileChannel.open(file, StandardOpenOption.READ);
    this.logChannel = FileChannel.open(directory.resolve(name + "-wal"), StandardOpenOption.READ);
    this.frames = new LogFile(logChannel);
    this.note = new ContinuityNote(directory);
    this.committedBytes = logChannel.size();
    this.committedNanos = time.epochNanos();
  }

  // --- the writer

  /** A transaction is about to commit: from here on somebody may see it. */
  void begin() {
    begun.incrementAndGet();
  }

  /**
   * The transaction that began last is durable, or undone. One that is undone may have left frames
   * behind, the end of a commit among them: a failed fsync does. They do not count; the next
   * transaction writes over them.
   */
  void end(boolean done) {
    lock.lock();
    try {
      committed = begun.get();
      if (done) {
        committedBytes = size();
        committedNanos = time.epochNanos();
        if (!waiting) {
          waiting = true;
          waitingSinceNanos = time.monotonicNanos();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Never fails: the commit stands. Whoever reads the frames proves each of them. */
  private long size() {
    try {
      return logChannel.size();
    } catch (IOException e) {
      log.warn("event=metadata_log_size_unknown cause=\"{}\"", e.toString());
      return Long.MAX_VALUE;
    }
  }

  /** Whether the log should begin anew, by its size or because its keeper wants it. */
  boolean isDue(long limit) throws IOException {
    LogKeeper by = keeper;
    return logChannel.size() >= limit || (by != null && by.wantsReset());
  }

  long bytes() throws IOException {
    return logChannel.size();
  }

  /**
   * Whether the log may begin anew now; {@link #endReset} has to follow then.
   *
   * @throws EngineException when a crash from here on could not be provided for
   */
  boolean beginReset() throws IOException {
    boolean forced = logChannel.size() >= hardLimit;
    lock.lock();
    try {
      if (!holds.isEmpty() && !forced) {
        return false;
      }
      holds.forEach(hold -> hold.isLost = true);
      holds.clear();
      isResetting = true;
    } finally {
      lock.unlock();
    }
    boolean allowed = false;
    try {
      allowed = isAllowed(forced);
    } finally {
      if (!allowed) {
        isResetting(false);
      }
    }
    return allowed;
  }

  private boolean isAllowed(boolean forced) {
    LogKeeper by = keeper;
    if (by == null ? !note.exists() : by.beforeReset(begun.get())) {
      return true;
    }
    if (!forced) {
      return false;
    }
    log.warn("event=metadata_log_abandoned reason=\"nobody has taken it\" bytes={}", hardLimit);
    if (by == null) {
      note.delete();
    } else {
      by.abandon();
    }
    return true;
  }

  /**
   * The log has begun anew, or could not.
   *
   * @param done whether it is empty and the database's file has everything
   */
  void endReset(boolean done) {
    lock.lock();
    try {
      if (done) {
        resets++;
        committedBytes = 0;
      }
    } finally {
      lock.unlock();
    }
    try {
      LogKeeper by = keeper;
      if (by != null) {
        by.afterReset(done);
      }
    } finally {
      isResetting(false);
    }
  }

  private void isResetting(boolean now) {
    lock.lock();
    try {
      isResetting = now;
    } finally {
      lock.unlock();
    }
  }

  // --- the keeper

  /** From now on the keeper has its say. Once. */
  public void keptBy(LogKeeper by) {
    keeper = by;
  }

  /** What the bucket has of this database, as noted on the disk. */
  public ContinuityNote note() {
    return note;
  }

  /** Covers every commit that anybody may have seen by now. Never blocks. */
  public long position() {
    return begun.get();
  }

  /**
   * What is committed.
   *
   * @param position of the last commit
   * @param bytes of the log that belong to it and those before, or more
   * @param committedNanos when that was, since 1970-01-01T00:00:00Z
   * @param resets how often the log had begun anew
   */
  public record Tail(long position, long bytes, long committedNanos, long resets) {}

  /** Size of the local log at the last commit. Never blocks. */
  public long logBytes() {
    lock.lock();
    try {
      return committedBytes;
    } finally {
      lock.unlock();
    }
  }

  /** What is committed by now. Commits from here on count as waiting. */
  public Tail tail() {
    lock.lock();
    try {
      waiting = false;
      return new Tail(committed, committedBytes, committedNanos, resets);
    } finally {
      lock.unlock();
    }
  }

  /** How long the first commit since the last {@link #tail} has waited, in nanoseconds; else 0. */
  public long waitedNanos() {
    lock.lock();
    try {
      return waiting ? time.monotonicNanos() - waitingSinceNanos : 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the local log still has this place. */
  public boolean has(LogPlace place) throws IOException {
    return frames.has(place);
  }

  /** Whether nothing was written to the log since it was emptied. */
  public boolean isEmpty() throws IOException {
    return frames.header().isEmpty();
  }

  /** A run that was read, with its pages. */
  public interface Run {
    LogRun run();

    int pageBytes();

    /** Reads the last state of a page of the run. */
    void page(int number, ByteBuffer target) throws IOException;
  }

  /**
   * Reads what is committed behind a place. What it and its pages say holds if the log has not
   * begun anew since ({@link #isCurrent}).
   */
  public Optional<Run> read(LogPlace from, Tail tail, int maxBytes) throws IOException {
    Optional<LogFile.Header> header = frames.header();
    if (header.isEmpty()) {
      return Optional.empty();
    }
    LogFile.Header known = header.get();
    LogPlace place = from.equals(LogPlace.BEGINNING) ? known.start() : from;
    return frames
        .read(known, place, tail.bytes(), Math.max(1, maxBytes / known.pageBytes()))
        .map(found ->
            new Run() {
              @Override
              public LogRun run() {
                return found;
              }

              @Override
              public int pageBytes() {
                return known.pageBytes();
              }

              @Override
              public void page(int number, ByteBuffer target) throws IOException {
                Integer frame = found.frames().get(number);
                if (frame == null) {
                  throw new EngineException(
                      ErrorCode.INTERNAL, "no page " + number + " in the run");
                }
                frames.page(known, frame, target);
              }
            });
  }

  /** Whether the log is still the one it was. */
  public boolean isCurrent(Tail tail) {
    lock.lock();
    try {
      // While it is about to begin anew it is still the old one, and the writer may wait for us.
      return resets == tail.resets();
    } finally {
      lock.unlock();
    }
  }

  // --- the database's file

  /** Size and time of the database's file; they change only when the log begins anew. */
  public record FileState(long bytes, long modifiedNanos) {}

  public FileState fileState() throws IOException {
    return new FileState(database.size(), Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS));
  }

  /** Notes how far the log in the bucket was when the local one began anew; durable on return. */
  public ContinuityNote.Content noteReset(long generation, long sequence, String digest) {
    try {
      FileState now = fileState();
      ContinuityNote.Content content =
          new ContinuityNote.Content(
              generation, sequence, digest, now.bytes(), now.modifiedNanos(), false);
      note.write(content);
      return content;
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "cannot note what was shipped", e);
    }
  }

  /** Keeps the database's file as it is, until closed or lost. */
  public final class Hold implements AutoCloseable {
    private volatile boolean isLost;

    private Hold() {}

    /** Whether the file has changed all the same: the log had become too large. */
    public boolean isLost() {
      return isLost;
    }

    /** Reads from the database's file; what was read counts unless the hold is lost then. */
    public void read(long offset, ByteBuffer target) throws IOException {
      int start = target.position();
      while (target.hasRemaining()) {
        if (database.read(target, offset + target.position() - start) < 0) {
          throw new IOException("the database's file became shorter");
        }
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        holds.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Empty while the log begins anew. */
  public Optional<Hold> hold() {
    lock.lock();
    try {
      if (isResetting) {
        return Optional.empty();
      }
      Hold hold = new Hold();
      holds.add(hold);
      return Optional.of(hold);
    } finally {
      lock.unlock();
    }
  }

  /** After SQLite's connections. */
  @Override
  public void close() throws IOException {
    database.close();
    logChannel.close();
  }
}
