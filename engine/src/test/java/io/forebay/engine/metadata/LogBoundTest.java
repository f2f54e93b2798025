package io.forebay.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.ambient.TimeSource;
import io.forebay.testkit.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The write-ahead log under readers that never pause. */
@Timeout(60)
class LogBoundTest {
  private static final long LIMIT = 2 << 20;
  @TempDir private Path home;
  private final Random random = Seeds.random("LogBoundTest");
  private final LongAdder statements = new LongAdder();
  private final List<Sql> connections = new ArrayList<>();
  private Path database;
  private Path log;
  private Sql writer;
  private ReaderPool readers;
  private CommitLog commits;
  private LogBound bound;

  @BeforeEach
  void open() throws Exception {
    database = home.resolve("test.sqlite");
    log = home.resolve("test.sqlite-wal");
    writer = connect();
    writer.run("CREATE TABLE thing (id INTEGER PRIMARY KEY, value BLOB)");
    List<Sql> pooled = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pooled.add(MetadataStore.connect(database, statements, true));
    }
    readers = new ReaderPool(pooled);
    commits = new CommitLog(home, "test.sqlite", TimeSource.system(), CommitLog.HARD_LIMIT);
    bound = new LogBound(writer, readers, commits, LIMIT);
  }

  private Sql connect() throws Exception {
    Sql sql = MetadataStore.connect(database, statements, false);
    connections.add(sql);
    return sql;
  }

  @AfterEach
  void close() throws Exception {
    readers.close();
    for (Sql each : connections) {
      each.close();
    }
    commits.close();
  }

  private void write(int id) {
    writer.run("BEGIN IMMEDIATE");
    writer.update(
        "INSERT INTO thing VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        id % 10,
        Seeds.bytes(random, 100_000));
    writer.run("COMMIT");
    bound.afterCommit();
  }

  private static int ids(Snapshot snapshot) {
    return snapshot.sql().list("SELECT id FROM thing", row -> row.getInt(1)).size();
  }

  @Test
  void theLogStaysBoundedWhileReadersComeAndGo() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(
          Thread.startVirtualThread(() -> {
            while (!stop.get()) {
              readers.read(LogBoundTest::ids);
            }
          }));
    }
    long largest = 0;
    for (int i = 0; i < 300; i++) {
      write(i);
      largest = Math.max(largest, Files.size(log));
    }
    stop.set(true);
    for (Thread each : clients) {
      each.join();
    }
    // 30 MB were written; without a bound all of them would be there.
    assertThat(largest).isLessThan(10 << 20);
  }

  @Test
  void aReaderThatTakesLongHoldsNoWriterUpAndNothingIsLost() throws Exception {
    write(0);
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Integer> seen = new CompletableFuture<>();
    Thread.startVirtualThread(() ->
        seen.complete(
            readers.read(snapshot -> {
              ids(snapshot);
              reading.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return ids(snapshot);
            })));
    reading.await();
    long slowest = 0;
    for (int i = 0; Files.size(log) < 3 * LIMIT; i++) {
      long before = System.nanoTime();
      write(i);
      slowest = Math.max(slowest, System.nanoTime() - before);
      int now = readers.read(LogBoundTest::ids);
      assertThat(now).isEqualTo(Math.min(10, i + 1));
    }
    assertThat(slowest).isLessThan(TimeUnit.SECONDS.toNanos(5));
    goOn.countDown();
    // It still saw the one row that was there when it began.
    assertThat(seen.get()).isEqualTo(1);
    long before = Files.size(log);
    for (int i = 0; i < 100; i++) {
      write(i);
    }
    assertThat(Files.size(log)).isLessThanOrEqualTo(before + LIMIT);
    int rows = readers.read(LogBoundTest::ids);
    assertThat(rows).isEqualTo(10);
  }
}
