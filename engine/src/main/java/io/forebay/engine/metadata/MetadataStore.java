package io.forebay.engine.metadata;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.BucketSetting;
import io.forebay.engine.DirectoryUsage;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import io.forebay.engine.Quota;
import io.forebay.engine.object.DurableDirectories;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentLedger;
import io.forebay.engine.segment.ShippedLog;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * The metadata of a volume, in SQLite: one writer thread with group commit, a few readers, and
 * caches that are authoritative because nobody else writes. Thread-safe; every method may block but
 * those that say they do not.
 */
public final class MetadataStore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MetadataStore.class);

  /** The name of the database. */
  public static final String FILE = "metadata.sqlite";

  private static final int READERS = 4;
  private static final int PAGE_CACHE_KIB = 16 << 10;
  private static final String OWNER_SPACE = "lease";
  private static final String EPOCH = "epoch";

  private final DirectoryLock lock;
  private final Sql writerConnection;
  private final CommitLog commits;
  private final Sql lastConnection;
  private final WriterThread writer;
  private final ReaderPool readers;
  private final MetadataCaches caches;
  private final LongAdder statements;
  private final Volume volume;
  private final SegmentLedger ledger;
  private final IdLease inodeIds;
  private volatile ShippedLog shippedLog = ShippedLog.NONE;
  private volatile Runnable guard = () -> {};

  private MetadataStore(
      DirectoryLock lock,
      Sql writerConnection,
      CommitLog commits,
      Sql lastConnection,
      WriterThread writer,
      ReaderPool readers,
      MetadataCaches caches,
      LongAdder statements,
      Volume volume) {
    this.lock = lock;
    this.writerConnection = writerConnection;
    this.commits = commits;
    this.lastConnection = lastConnection;
    this.writer = writer;
    this.readers = readers;
    this.caches = caches;
    this.statements = statements;
    this.volume = volume;
    this.ledger = new SqlSegmentLedger(this);
    this.inodeIds = new IdLease(this, IdCounters.INODE);
  }

  /**
   * Opens the metadata in a directory, or makes it: an empty volume.
   *
   * @param directory created when missing
   * @param cacheEntries inodes, and names, kept in memory at the most
   * @throws EngineException {@link ErrorCode#NOT_SUPPORTED} for a volume of a later version, {@link
   *     ErrorCode#FENCED} when another process has it open, {@link ErrorCode#IO}, {@link
   *     ErrorCode#CORRUPT}
   */
  public static MetadataStore open(
      Path directory,
      int cacheEntries,
      TimeSource time,
      RandomGenerator random,
      MeterRegistry meters) {
    LongAdder statements = new LongAdder();
    List<AutoCloseable> held = new ArrayList<>();
    boolean opened = false;
    try {
      DurableDirectories.create(directory);
      DirectoryLock lock = DirectoryLock.take(directory);
      held.add(lock);
      Path file = directory.resolve(FILE);
      Sql sql = connect(file, statements, false);
      held.add(sql);
      Volume volume = VolumeSchema.open(sql, time, random);
      DurableDirectories.force(directory);
      Sql keepsLog = connectLast(file, statements);
      held.addFirst(keepsLog);
      List<Sql> connections = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        Sql reader = connect(file, statements, true);
        held.add(reader);
        connections.add(reader);
      }
      MetadataCaches caches = new MetadataCaches(cacheEntries, new Quotas(sql));
      ReaderPool readers = new ReaderPool(connections);
      CommitLog commits = new CommitLog(directory, FILE, time, CommitLog.HARD_LIMIT);
      held.addFirst(commits);
      LogBound logBound = new LogBound(sql, readers, commits, LogBound.LIMIT);
      WriterThread writer = new WriterThread(sql, logBound, commits, caches, time, meters);
      FunctionCounter.builder("forebay.metadata.statements", statements, LongAdder::sum)
          .register(meters);
      writer.start();
      opened = true;
      return new MetadataStore(
          lock, sql, commits, keepsLog, writer, readers, caches, statements, volume);
    } catch (SQLException e) {
      throw Sql.failure(e);
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "cannot open the metadata in " + directory, e);
    } finally {
      if (!opened) {
        held.reversed().forEach(MetadataStore::abandon);
      }
    }
  }

  private static void abandon(AutoCloseable held) {
    try {
      held.close();
    } catch (Exception e) {
      log.debug("event=metadata_close_failed cause=\"{}\"", e.toString());
    }
  }

  static Sql connect(Path file, LongAdder statements, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(60_000);
    config.setCacheSize(-PAGE_CACHE_KIB);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setOpenMode(SQLiteOpenMode.FULLMUTEX);
    Sql sql = new Sql(config.createConnection("jdbc:sqlite:" + file), statements);
    // The log begins anew when LogBound says so, and at no other time.
    sql.run("PRAGMA wal_autocheckpoint = 0");
    if (readOnly) {
      sql.run("PRAGMA query_only = 1");
    }
    return sql;
  }

  /**
   * SQLite empties and deletes the log when the last connection closes, unless that cannot write
   * (sqlite.org/wal.html, "Read-Only Databases"). The log has to stay: it may not be shipped yet.
   */
  private static Sql connectLast(Path file, LongAdder statements) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    Sql sql = new Sql(config.createConnection("jdbc:sqlite:" + file), statements);
    // Opens the database's file, and takes the lock that every connection has.
    sql.find("SELECT 1 FROM volume", row -> 1);
    return sql;
  }

  /** What volume this is. Never blocks. */
  public Volume volume() {
    return volume;
  }

  /**
   * Runs an operation in a transaction and waits until it is durable.
   *
   * @throws EngineException what the operation threw, with nothing changed; or what the database
   *     failed with, with nothing changed; what the guard throws
   */
  public <T> T write(Mutation<T> mutation) {
    guard.run();
    T result = writer.submit(mutation);
    guard.run();
    return result;
  }

  /** Runs a query that sees one commit and nothing later. */
  public <T> T read(Function<Snapshot, T> query) {
    guard.run();
    return readers.read(query);
  }

  /** An inode as committed; from memory when it is there, then without blocking. */
  public Optional<Inode> inode(InodeId id) {
    guard.run();
    return caches.inodes().get(id, key -> read(snapshot -> snapshot.inode(key)));
  }

  /** An entry as committed; from memory when it, or its absence, is there. */
  public Optional<Entry> entry(InodeId parent, FileName name) {
    guard.run();
    return caches
        .entries()
        .get(
            new EntryKey(parent, name),
            key -> read(snapshot -> snapshot.entries().find(key.parent(), key.name())));
  }

  /** An entry as committed, if it is in memory; never blocks. Empty: ask in a transaction. */
  public Optional<Entry> knownEntry(InodeId parent, FileName name) {
    return caches.entries().peek(new EntryKey(parent, name));
  }

  /** What S3 keeps with an inode, as committed; from memory when it, or its absence, is there. */
  public Optional<Objects.Row> object(InodeId inode) {
    guard.run();
    return caches.objects().get(inode, key -> read(snapshot -> snapshot.objects().find(key)));
  }

  /**
   * From now on every operation runs this first, and a change once more when it is durable; throws
   * to refuse. Set once.
   */
  public void guard(Runnable gate) {
    guard = gate;
  }

  /** Runs the guard; for what is answered without the metadata. */
  public void requireOwner() {
    guard.run();
  }

  /** The epoch of the last run that had one; 0 before the first. */
  public long lastEpoch() {
    return read(snapshot -> snapshot.records().find(OWNER_SPACE, EPOCH))
        .map(value -> ByteBuffer.wrap(value).getLong())
        .orElse(0L);
  }

  /**
   * Notes an epoch above {@code seen} and all before it; segments get ids of its own from here on.
   *
   * @param firstSegmentOf the first segment id of an epoch
   * @return the epoch
   */
  public long beginEpoch(long seen, LongUnaryOperator firstSegmentOf) {
    return write(transaction -> {
      long last =
          transaction
              .records()
              .find(OWNER_SPACE, EPOCH)
              .map(value -> ByteBuffer.wrap(value).getLong())
              .orElse(0L);
      long epoch = Math.max(last, seen) + 1;
      transaction
          .records()
          .put(OWNER_SPACE, EPOCH, ByteBuffer.allocate(Long.BYTES).putLong(epoch).array());
      IdCounters.raise(transaction.sql(), IdCounters.SEGMENT, firstSegmentOf.applyAsLong(epoch));
      return epoch;
    });
  }

  /** What lies below a directory, as committed; from memory when it is there. */
  public DirectoryUsage totals(InodeId directory) {
    return caches
        .totals()
        .get(directory, key -> read(snapshot -> DirectoryTotals.find(snapshot.sql(), key)))
        .orElse(DirectoryUsage.NONE);
  }

  /** What is in the trash, as committed. */
  public DirectoryUsage trashed() {
    return totals(DirectoryTotals.TRASH);
  }

  /** A directory's own quota, as committed. Never blocks. */
  public Optional<Quota> quota(InodeId directory) {
    return caches.quotas().of(directory);
  }

  /** All quotas, as committed. Never blocks. */
  public Map<InodeId, Quota> quotas() {
    return caches.quotas().all();
  }

  /** What is set of a bucket, as committed; from memory when it is there. Not to be changed. */
  public Map<BucketSetting, byte[]> settings(InodeId bucket) {
    return caches
        .settings()
        .get(bucket, id -> Optional.of(read(snapshot -> snapshot.settings().of(id))))
        .orElse(Map.of());
  }

  /** From now on {@code watcher} sees what commits make of inodes; one watcher, set once. */
  public void watchInodes(InodeWatcher watcher) {
    caches.watch(watcher);
  }

  CommittedCache<SegmentId, PageChecksums> checksums() {
    return caches.checksums();
  }

  /** A number no inode has had; for bytes that are staged before their inode exists. */
  public InodeId leaseInodeId() {
    return new InodeId(inodeIds.next());
  }

  /** What segments need of the metadata. */
  public SegmentLedger ledger() {
    return ledger;
  }

  /** The commits as changes of pages, for who ships them. */
  public CommitLog commits() {
    return commits;
  }

  /** From now on this is what {@link #shippedLog} says. */
  public void shippedBy(ShippedLog log) {
    shippedLog = log;
  }

  /** How much of the log is in the bucket; {@link ShippedLog#NONE} until somebody ships it. */
  public ShippedLog shippedLog() {
    return shippedLog;
  }

  /** Bytes and inodes of the volume, as committed. */
  public record Usage(long bytes, long inodes) {}

  public Usage usage() {
    return read(snapshot ->
        snapshot
            .sql()
            .find(
                "SELECT bytes, inodes FROM usage", row -> new Usage(row.getLong(1), row.getLong(2)))
            .orElseThrow(() -> new EngineException(ErrorCode.CORRUPT, "the usage row is missing")));
  }

  /** Statements run so far, by all connections; for tests of cost. */
  public long statementCount() {
    return statements.sum();
  }

  /** Finishes the operations that wait, and closes the database. */
  @Override
  public void close() {
    writer.close();
    try {
      readers.close();
      writerConnection.close();
      lastConnection.close();
      commits.close();
      lock.close();
    } catch (SQLException e) {
      throw Sql.failure(e);
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "cannot let go of the metadata", e);
    }
  }
}
