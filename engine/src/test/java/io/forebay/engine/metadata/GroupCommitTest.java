package io.forebay.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.MetadataFixture.Blockade;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One writer, many operations, one fsync; and what becomes of an operation that fails. */
@Timeout(60)
class GroupCommitTest {
  @TempDir private Path home;
  private MetadataFixture fixture;

  @BeforeEach
  void open() {
    fixture = new MetadataFixture(home);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static <T> CompletableFuture<T> inBackground(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        result.complete(work.get());
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(10, TimeUnit.SECONDS);
  }

  private static ErrorCode codeOf(CompletableFuture<?> future) throws Exception {
    try {
      return ErrorCode.valueOf("answered " + get(future));
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(EngineException.class);
      return ((EngineException) Objects.requireNonNull(e.getCause())).code();
    }
  }

  @Test
  void whoWaitsTogetherIsCommittedTogether() throws Exception {
    List<CompletableFuture<InodeId>> waiting = new ArrayList<>();
    double before = fixture.transactions();
    try (Blockade blockade = fixture.new Blockade()) {
      for (int i = 0; i < 300; i++) {
        waiting.add(inBackground(fixture::newFile));
      }
      blockade.awaitWaiting(300);
    }
    for (CompletableFuture<InodeId> each : waiting) {
      assertThat(fixture.store.inode(get(each))).isPresent();
    }
    assertThat(fixture.transactions() - before).isEqualTo(2);
    assertThat(fixture.store.usage().inodes()).isEqualTo(301);
  }

  @Test
  void underLoadThereAreFarFewerTransactionsThanOperations() throws Exception {
    double before = fixture.transactions();
    List<CompletableFuture<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      writers.add(
          inBackground(() -> {
            for (int j = 0; j < 20; j++) {
              fixture.newFile();
            }
            return true;
          }));
    }
    for (CompletableFuture<Boolean> each : writers) {
      get(each);
    }
    assertThat(fixture.transactions() - before).isLessThan(64 * 20 / 4.0);
  }

  @Test
  void anOperationThatFailsTakesNothingOfTheOthersWithIt() throws Exception {
    CompletableFuture<Entry> first;
    CompletableFuture<Entry> failing;
    CompletableFuture<Entry> clashing;
    CompletableFuture<Entry> last;
    AtomicBoolean told = new AtomicBoolean();
    try (Blockade blockade = fixture.new Blockade()) {
      first = inBackground(() -> fixture.store.write(t -> MetadataFixture.createChild(t, "a")));
      blockade.awaitWaiting(1);
      failing =
          inBackground(() ->
              fixture.store.write(t -> {
                Entry entry = MetadataFixture.createChild(t, "b");
                t.putExtents(entry.inode(), List.of(ExtentsModelTest.extent(0, 10, 1, 0)));
                t.onCommit(() -> told.set(true));
                throw new EngineException(ErrorCode.ACCESS_DENIED, "no");
              }));
      blockade.awaitWaiting(2);
      // The database itself refuses this one.
      clashing = inBackground(() -> fixture.store.write(t -> MetadataFixture.createChild(t, "a")));
      blockade.awaitWaiting(3);
      last = inBackground(() -> fixture.store.write(t -> MetadataFixture.createChild(t, "c")));
      blockade.awaitWaiting(4);
    }
    get(first);
    get(last);
    assertThat(codeOf(failing)).isEqualTo(ErrorCode.ACCESS_DENIED);
    assertThat(codeOf(clashing)).isEqualTo(ErrorCode.INTERNAL);
    assertThat(told).isFalse();
    fixture.reopen();
    List<Entries.WithInode> entries =
        fixture.store.read(s -> s.entries().listByCookie(InodeId.ROOT, 0, 10));
    assertThat(entries)
        .extracting(each -> each.entry().name())
        .containsExactly(MetadataFixture.name("a"), MetadataFixture.name("c"));
    assertThat(fixture.store.usage()).isEqualTo(new MetadataStore.Usage(0, 3));
    assertThat(fixture.store.ledger().unstored()).isEmpty();
  }

  @Test
  void operationsOfABatchSeeThoseBeforeThem() throws Exception {
    InodeId file = fixture.newFile();
    List<CompletableFuture<Long>> sizes = new ArrayList<>();
    long before;
    try (Blockade blockade = fixture.new Blockade()) {
      before = fixture.store.statementCount();
      for (int i = 0; i < 50; i++) {
        sizes.add(
            inBackground(() ->
                fixture.store.write(t -> {
                  long size = t.require(file).attributes().size() + 1;
                  t.put(t.require(file).edit().size(size).touch(t.now()).done());
                  return size;
                })));
      }
      blockade.awaitWaiting(50);
    }
    List<Long> seen = new ArrayList<>();
    for (CompletableFuture<Long> each : sizes) {
      seen.add(get(each));
    }
    assertThat(seen).doesNotHaveDuplicates().hasSize(50).contains(1L, 50L);
    // SAVEPOINT and RELEASE for each, and the inode once: not fifty times.
    assertThat(fixture.store.statementCount() - before).isBetween(100L, 110L);
    fixture.reopen();
    assertThat(fixture.store.inode(file).orElseThrow().attributes().size()).isEqualTo(50);
  }

  @Test
  void anIdThatALostLeaseCoveredIsNotGivenOut() {
    List<InodeId> given = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() ->
              fixture.store.write(t -> {
                given.add(t.newInodeId());
                throw new EngineException(ErrorCode.EXISTS, "no");
              }))
          .isInstanceOf(EngineException.class);
      InodeId kept = fixture.newFile();
      if (i % 7 == 6) {
        fixture.reopen();
      }
      assertThat(fixture.newFile().value()).isGreaterThan(kept.value());
    }
  }

  @Test
  void afterARestartNoIdComesBack() {
    long highest = 0;
    long highestSegment = 0;
    long highestCookie = 0;
    for (int i = 0; i < 5; i++) {
      InodeId leased = fixture.store.leaseInodeId();
      InodeId made = fixture.newFile();
      long segment = fixture.store.ledger().leaseIds(7);
      String name = "entry-" + i;
      long cookie = fixture.store.write(t -> MetadataFixture.createChild(t, name).cookie());
      assertThat(Math.min(leased.value(), made.value())).isGreaterThan(highest);
      assertThat(leased).isNotEqualTo(made);
      assertThat(segment).isGreaterThan(highestSegment);
      assertThat(cookie).isGreaterThan(highestCookie).isGreaterThan(2);
      highest = Math.max(leased.value(), made.value());
      highestSegment = segment + 6;
      highestCookie = cookie;
      fixture.reopen();
    }
  }

  @Test
  void anActionAfterTheCommitThatFailsHarmsNobody() throws Exception {
    CompletableFuture<InodeId> next;
    CompletableFuture<InodeId> broken;
    try (Blockade blockade = fixture.new Blockade()) {
      broken =
          inBackground(() ->
              fixture.store.write(t -> {
                t.onCommit(() -> {
                  throw new IllegalStateException("a defect");
                });
                return MetadataFixture.createFile(t);
              }));
      blockade.awaitWaiting(1);
      next = inBackground(fixture::newFile);
      blockade.awaitWaiting(2);
    }
    // It was committed: whoever did it must not be told otherwise.
    assertThat(fixture.store.inode(get(broken))).isPresent();
    assertThat(fixture.store.inode(get(next))).isPresent();
    fixture.newFile();
  }

  @Test
  void whoIsInterruptedBeforeItsTurnHasChangedNothing() throws Exception {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    try (Blockade blockade = fixture.new Blockade()) {
      Thread waiter =
          Thread.startVirtualThread(() -> {
            try {
              fixture.store.write(t -> MetadataFixture.createChild(t, "never"));
              outcome.complete(new AssertionError("answered"));
            } catch (RuntimeException e) {
              outcome.complete(e);
            }
          });
      blockade.awaitWaiting(1);
      waiter.interrupt();
      assertThat(get(outcome))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    }
    fixture.newFile();
    assertThat(fixture.store.entry(InodeId.ROOT, MetadataFixture.name("never"))).isEmpty();
  }

  @Test
  void whoIsInterruptedDuringItsTurnLearnsHowItEnded() throws Exception {
    CompletableFuture<Boolean> running = new CompletableFuture<>();
    CompletableFuture<Boolean> goOn = new CompletableFuture<>();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread waiter =
        Thread.startVirtualThread(() -> {
          fixture.store.write(t -> {
            running.complete(true);
            goOn.join();
            return MetadataFixture.createChild(t, "done");
          });
          interrupted.complete(Thread.currentThread().isInterrupted());
        });
    get(running);
    waiter.interrupt();
    goOn.complete(true);
    assertThat(get(interrupted)).isTrue();
    assertThat(fixture.store.entry(InodeId.ROOT, MetadataFixture.name("done"))).isPresent();
  }

  @Test
  void whatWaitsWhenTheStoreIsClosedIsDoneOrRefusedAndSaidSo() throws Exception {
    List<CompletableFuture<Optional<Entry>>> waiting = new ArrayList<>();
    CompletableFuture<Boolean> closed;
    try (Blockade blockade = fixture.new Blockade()) {
      for (int i = 0; i < 100; i++) {
        String name = "entry-" + i;
        waiting.add(
            inBackground(() -> {
              try {
                return Optional.of(fixture.store.write(t -> MetadataFixture.createChild(t, name)));
              } catch (EngineException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
                return Optional.empty();
              }
            }));
      }
      blockade.awaitWaiting(50);
      closed =
          inBackground(() -> {
            fixture.store.close();
            return true;
          });
    }
    int answered = 0;
    for (CompletableFuture<Optional<Entry>> each : waiting) {
      answered += get(each).isPresent() ? 1 : 0;
    }
    get(closed);
    assertThatThrownBy(fixture::newFile)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    fixture.store = fixture.open(home);
    List<Entries.WithInode> there =
        fixture.store.read(s -> s.entries().listByCookie(InodeId.ROOT, 0, 1000));
    assertThat(there).hasSize(answered);
  }

  @Test
  void aFullDiskFailsWhoNeedsRoomAndLeavesTheStoreUsable() throws Exception {
    byte[] large = new byte[64 << 10];
    fixture.random.nextBytes(large);
    long pages =
        fixture.store.write(
            t -> t.sql().find("PRAGMA page_count", row -> row.getLong(1)).orElseThrow());
    setLimit(pages + 20);
    CompletableFuture<Boolean> greedy;
    CompletableFuture<Entry> modest;
    try (Blockade blockade = fixture.new Blockade()) {
      modest = inBackground(() -> fixture.store.write(t -> MetadataFixture.createChild(t, "a")));
      blockade.awaitWaiting(1);
      greedy =
          inBackground(() ->
              fixture.store.write(t -> {
                for (int i = 0; i < 20; i++) {
                  t.records().put("space", "key-" + i, large);
                }
                return true;
              }));
      blockade.awaitWaiting(2);
    }
    assertThat(codeOf(greedy)).isEqualTo(ErrorCode.NO_SPACE);
    // It may have gone down with the transaction; then it says so, and is not there.
    boolean kept;
    try {
      get(modest);
      kept = true;
    } catch (ExecutionException e) {
      assertThat(codeOf(modest)).isEqualTo(ErrorCode.NO_SPACE);
      kept = false;
    }
    setLimit(1 << 20);
    fixture.reopen();
    assertThat(fixture.store.entry(InodeId.ROOT, MetadataFixture.name("a")).isPresent())
        .isEqualTo(kept);
    int records = fixture.store.read(s -> s.records().list("space", "", 100).size());
    assertThat(records).isZero();
    fixture.newFile();
  }

  private void setLimit(long pages) {
    fixture.store.write(t -> {
      t.sql().run("PRAGMA max_page_count = " + pages);
      return true;
    });
  }

  /** sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction". */
  @Test
  void aTransactionThatTheDatabaseRolledBackByItselfIsNotGoneOnWith() throws Exception {
    byte[] large = new byte[256 << 10];
    long pages =
        fixture.store.write(
            t -> t.sql().find("PRAGMA page_count", row -> row.getLong(1)).orElseThrow());
    setLimit(pages + 20);
    CompletableFuture<Entry> before;
    CompletableFuture<Boolean> careless;
    CompletableFuture<Entry> after;
    try (Blockade blockade = fixture.new Blockade()) {
      before = inBackground(() -> fixture.store.write(t -> MetadataFixture.createChild(t, "a")));
      blockade.awaitWaiting(1);
      careless =
          inBackground(() ->
              fixture.store.write(t -> {
                assertThatThrownBy(() -> t.records().put("space", "large", large))
                    .isInstanceOf(EngineException.class);
                // Outside of any transaction this would be there for good.
                t.records().put("space", "half", new byte[1]);
                return true;
              }));
      blockade.awaitWaiting(2);
      after = inBackground(() -> fixture.store.write(t -> MetadataFixture.createChild(t, "b")));
      blockade.awaitWaiting(3);
    }
    for (CompletableFuture<?> each : List.of(before, careless, after)) {
      assertThat(codeOf(each)).isEqualTo(ErrorCode.NO_SPACE);
    }
    setLimit(1 << 20);
    fixture.reopen();
    int records = fixture.store.read(s -> s.records().list("space", "", 100).size());
    assertThat(records).isZero();
    assertThat(fixture.store.entry(InodeId.ROOT, MetadataFixture.name("a"))).isEmpty();
    assertThat(fixture.store.entry(InodeId.ROOT, MetadataFixture.name("b"))).isEmpty();
    fixture.newFile();
  }

  @Test
  void anOperationWithinAnOperationIsADefectNotADeadlock() {
    assertThatThrownBy(() -> fixture.store.write(t -> fixture.newFile()))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
  }
}
