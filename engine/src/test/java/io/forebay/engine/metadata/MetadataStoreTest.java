package io.forebay.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentLedger;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentSlice;
import io.forebay.engine.segment.SegmentState;
import io.forebay.testkit.ForcedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is durable, what is cached, what it costs, and what opens. */
@Timeout(60)
class MetadataStoreTest {
  @TempDir private Path home;
  private MetadataFixture fixture;

  @BeforeEach
  void open() {
    fixture = new MetadataFixture(home.resolve("metadata"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  // --- durability

  /** What the disk has while the process runs: the image that a crash would leave. */
  private Path crashImage(String name) throws IOException {
    Path image = Files.createDirectories(home.resolve(name));
    try (var files = Files.list(fixture.directory)) {
      for (Path file : files.toList()) {
        // The shared memory is rebuilt, as after a power cut.
        if (!file.toString().endsWith("-shm")) {
          Files.copy(file, image.resolve(file.getFileName()));
        }
      }
    }
    return image;
  }

  @Test
  void everyAnswerIsOnDisk() throws IOException {
    List<InodeId> answered = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      answered.add(fixture.newFile());
      if (i % 10 == 9) {
        try (MetadataStore again = fixture.open(crashImage("image-" + i))) {
          assertThat(answered).allSatisfy(id -> assertThat(again.inode(id)).isPresent());
          assertThat(again.usage().inodes()).isEqualTo(answered.size() + 1);
          assertThat(again.leaseInodeId().value()).isGreaterThan(answered.getLast().value());
        }
      }
    }
  }

  @Test
  void aNewVolumesDirectoryIsForcedWithItsParents() throws Exception {
    Path deep = home.resolve("deep/er/metadata");
    List<Path> forced = ForcedFiles.during(() -> fixture.open(deep).close());
    assertThat(forced).contains(home, home.resolve("deep"), home.resolve("deep/er"), deep);
  }

  @Test
  void aVolumeIsTheSameAfterARestart() {
    Volume before = fixture.store.volume();
    fixture.reopen();
    assertThat(fixture.store.volume()).isEqualTo(before);
    Inode root = fixture.store.inode(InodeId.ROOT).orElseThrow();
    assertThat(root.type()).isEqualTo(FileType.DIRECTORY);
    assertThat(root.parent()).contains(InodeId.ROOT);
    assertThat(root.attributes().linkCount()).isEqualTo(2);
  }

  @Test
  void aVolumeIsOpenOnceAtATime() {
    fixture.newFile();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> fixture.open(fixture.directory))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
    }
    fixture.reopen();
    // Closing twice harms nobody.
    fixture.store.close();
    fixture.store.close();
    fixture.store = fixture.open(fixture.directory);
  }

  private void raw(String sql) throws Exception {
    fixture.store.close();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + fixture.directory.resolve("metadata.sqlite"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aVolumeOfALaterVersionIsRefusedAndNotHeld() throws Exception {
    raw("UPDATE volume SET format_version = 3");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> fixture.open(fixture.directory))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED))
          .hasMessageContaining("version 3");
    }
    try (var handles = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(handles.filter(each -> pointsTo(each, fixture.directory)).count()).isZero();
    }
    raw("UPDATE volume SET format_version = " + VolumeSchema.FORMAT_VERSION);
    fixture.store = fixture.open(fixture.directory);
  }

  private static boolean pointsTo(Path link, Path directory) {
    try {
      return Files.readSymbolicLink(link).startsWith(directory);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsCorruptAndLeftAlone() throws Exception {
    Path other = Files.createDirectories(home.resolve("other"));
    byte[] text = "this is not a database, whatever its name".repeat(100).getBytes("US-ASCII");
    Files.write(other.resolve("metadata.sqlite"), text);
    assertThatThrownBy(() -> fixture.open(other))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    assertThat(Files.readAllBytes(other.resolve("metadata.sqlite"))).isEqualTo(text);
  }

  // --- caches

  /**
   * The sum of two sizes never changes; whoever reads must never read an older pair than before.
   */
  @Test
  void noReaderSeesAnythingOlderThanWhatWasAnsweredBefore() throws InterruptedException {
    List<InodeId> files = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      files.add(fixture.newFile());
    }
    fixture.reopen();
    AtomicReference<List<Long>> floor =
        new AtomicReference<>(Collections.nCopies(files.size(), 0L));
    AtomicBoolean stop = new AtomicBoolean();
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    CountDownLatch done = new CountDownLatch(6);
    for (int reader = 0; reader < 6; reader++) {
      Random random = new Random(fixture.random.nextLong());
      Thread.startVirtualThread(() -> {
        while (!stop.get()) {
          int i = random.nextInt(files.size());
          long atLeast = floor.get().get(i);
          long size = fixture.store.inode(files.get(i)).orElseThrow().attributes().size();
          if (size < atLeast) {
            wrong.add("size " + size + " after " + atLeast);
          }
          String name = "entry-" + i;
          Optional<Entry> entry = fixture.store.entry(InodeId.ROOT, MetadataFixture.name(name));
          // Odd sizes have an entry, even ones have none; both change in one transaction, and
          // only this reading order can tell.
          if (entry.isPresent() && entry.get().cookie() < 0) {
            wrong.add("a cookie below zero");
          }
        }
        done.countDown();
      });
    }
    List<Long> sizes = new ArrayList<>(Collections.nCopies(files.size(), 0L));
    for (int step = 0; step < 600; step++) {
      int i = fixture.random.nextInt(files.size());
      long next = sizes.get(i) + 1;
      String name = "entry-" + i;
      fixture.store.write(t -> {
        InodeId file = files.get(i);
        t.put(t.require(file).edit().size(next).done());
        if (next % 2 == 1) {
          t.addEntry(InodeId.ROOT, MetadataFixture.name(name), file, FileType.REGULAR);
        } else {
          t.removeEntry(InodeId.ROOT, MetadataFixture.name(name));
        }
        return true;
      });
      sizes.set(i, next);
      floor.set(List.copyOf(sizes));
      // Whoever was answered reads its own write, from the cache or not.
      assertThat(fixture.store.inode(files.get(i)).orElseThrow().attributes().size())
          .isEqualTo(next);
      assertThat(fixture.store.entry(InodeId.ROOT, MetadataFixture.name(name)).isPresent())
          .isEqualTo(next % 2 == 1);
    }
    stop.set(true);
    done.await();
    assertThat(wrong).isEmpty();
    List<Long> cached = sizesOf(files);
    fixture.reopen();
    assertThat(sizesOf(files)).isEqualTo(cached).isEqualTo(sizes);
  }

  private List<Long> sizesOf(List<InodeId> files) {
    return files.stream()
        .map(id -> fixture.store.inode(id).orElseThrow().attributes().size())
        .toList();
  }

  /** The race by hand: a load that began before a commit ends after it. */
  @Test
  void aLoadThatWasOvertakenByACommitIsNotKept() {
    CommittedCache<String, String> cache = new CommittedCache<>(10);
    Optional<String> loaded =
        cache.get(
            "key",
            key -> {
              cache.publish("key", Optional.of("new"));
              return Optional.of("old");
            });
    assertThat(loaded).contains("old");
    assertThat(cache.peek("key")).contains("new");
    cache.invalidate("key");
    loaded =
        cache.get(
            "key",
            key -> {
              cache.invalidate("key");
              return Optional.of("old");
            });
    assertThat(loaded).contains("old");
    assertThat(cache.knows("key")).isFalse();
    assertThat(cache.get("key", key -> Optional.of("newest"))).contains("newest");
    assertThat(cache.knows("key")).isTrue();
    cache.publish("gone", Optional.empty());
    assertThat(cache.get("gone", key -> Optional.of("never asked"))).isEmpty();
  }

  // --- cost

  private long statements(Runnable work) {
    long before = fixture.store.statementCount();
    work.run();
    return fixture.store.statementCount() - before;
  }

  @Test
  void whatEachPrimitiveCosts() {
    // The first leases ids.
    InodeId file = fixture.newFile();
    fixture.store.write(t -> MetadataFixture.createChild(t, "first"));
    // BEGIN, SAVEPOINT, RELEASE, COMMIT.
    int frame = 4;
    assertThat(statements(() -> fixture.store.write(t -> true))).isEqualTo(frame);
    assertThat(statements(fixture::newFile)).as("insert, usage").isEqualTo(frame + 2);
    assertThat(statements(() -> fixture.store.write(t -> MetadataFixture.createChild(t, "a"))))
        .as("and the entry")
        .isEqualTo(frame + 3);
    assertThat(
            statements(() ->
                fixture.store.write(t -> {
                  t.put(t.require(file).edit().size(5).done());
                  return true;
                })))
        .as("one update of a cached inode")
        .isEqualTo(frame + 1);
    assertThat(
            statements(() ->
                fixture.store.write(t -> {
                  t.putExtents(file, List.of(ExtentsModelTest.extent(0, 10, 1, 0)));
                  return true;
                })))
        .as("2 looks, extent, inode, segment twice as it is new, usage")
        .isEqualTo(frame + 7);
    assertThat(
            statements(() ->
                fixture.store.write(t -> {
                  t.putExtents(file, List.of(ExtentsModelTest.extent(0, 10, 1, 10)));
                  return true;
                })))
        .as("2 looks, delete, extent, segment; space stays")
        .isEqualTo(frame + 5);
    assertThat(statements(() -> fixture.store.inode(file))).as("from memory").isZero();
    assertThat(statements(() -> fixture.store.entry(InodeId.ROOT, MetadataFixture.name("a"))))
        .as("from memory")
        .isZero();
    fixture.store.entry(InodeId.ROOT, MetadataFixture.name("none"));
    assertThat(statements(() -> fixture.store.entry(InodeId.ROOT, MetadataFixture.name("none"))))
        .as("an absence, from memory")
        .isZero();
    fixture.reopen();
    assertThat(statements(() -> fixture.store.inode(file))).isEqualTo(3);
    assertThat(
            statements(
                () -> fixture.store.read(s -> s.entries().listByCookie(InodeId.ROOT, 0, 100))))
        .as("a directory with its inodes, whatever its size")
        .isEqualTo(3);
  }

  // --- entries

  @Test
  void cookiesAreUniqueAndGrowAndListingsPageByThem() {
    for (int i = 0; i < 50; i++) {
      String name = "entry-" + i;
      fixture.store.write(t -> MetadataFixture.createChild(t, name));
      if (i == 25) {
        fixture.reopen();
      }
    }
    List<String> names = new ArrayList<>();
    long after = 0;
    while (true) {
      long from = after;
      List<Entries.WithInode> page =
          fixture.store.read(s -> s.entries().listByCookie(InodeId.ROOT, from, 7));
      if (page.isEmpty()) {
        break;
      }
      for (Entries.WithInode each : page) {
        assertThat(each.entry().cookie()).isGreaterThan(after);
        assertThat(each.inode().id()).isEqualTo(each.entry().inode());
        after = each.entry().cookie();
        names.add(each.entry().name().toString());
      }
      // What is removed meanwhile moves nothing.
      fixture.store.write(t -> {
        t.removeEntry(InodeId.ROOT, page.getFirst().entry().name());
        return true;
      });
    }
    assertThat(names).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void directoriesSortAsTheirNameAndASlash() {
    List<String> files = List.of("a", "a-b", "a.b", "a0", "A", "ä", "b");
    for (String file : files) {
      fixture.store.write(t -> MetadataFixture.createChild(t, file));
    }
    fixture.store.write(t -> {
      InodeId id = t.newInodeId();
      t.create(new InodeEdit(id, FileType.DIRECTORY, t.now()).done());
      return t.addEntry(InodeId.ROOT, MetadataFixture.name("aa"), id, FileType.DIRECTORY);
    });
    fixture.store.write(t -> {
      InodeId id = t.newInodeId();
      t.create(new InodeEdit(id, FileType.DIRECTORY, t.now()).done());
      t.removeEntry(InodeId.ROOT, MetadataFixture.name("a"));
      return t.addEntry(InodeId.ROOT, MetadataFixture.name("a"), id, FileType.DIRECTORY);
    });
    // As S3 lists the keys below: A, a-b, a.b, a/..., a0, aa/..., b, ä.
    assertThat(bySortKey(new byte[0]))
        .containsExactly("A", "a-b", "a.b", "a", "a0", "aa", "b", "ä");
    assertThat(bySortKey(new byte[] {'a', '/'})).containsExactly("a", "a0", "aa", "b", "ä");
  }

  private List<String> bySortKey(byte[] from) {
    return fixture.store.read(s ->
        s.entries().listBySortKey(InodeId.ROOT, from, 100).stream()
            .map(each ->
                new String(each.entry().name().toBytes(), java.nio.charset.StandardCharsets.UTF_8))
            .toList());
  }

  // --- the ledger

  private static SegmentRun run(long segment, int offset, int length) {
    return new SegmentRun(
        new SegmentSlice(new SegmentId(segment), offset, length), new InodeId(9), 7, -5);
  }

  private void commit(InodeId file, long fileOffset, SegmentRun run) {
    fixture.store.write(t -> {
      t.putExtents(file, List.of(new Extent(fileOffset, run.slice())));
      t.addRuns(List.of(run));
      return true;
    });
  }

  @Test
  void aSegmentGoesThroughItsStatesInOrder() {
    SegmentLedger ledger = fixture.store.ledger();
    InodeId file = fixture.newFile();
    SegmentId id = new SegmentId(77);
    PageChecksums pages = new PageChecksums(new int[] {42}, 300);
    // Sealed and stored before the first commit: nothing to remember.
    ledger.sealed(id, 300, pages);
    ledger.stored(id);
    assertThat(ledger.find(id)).isEmpty();

    commit(file, 0, run(77, 0, 100));
    commit(file, 100, run(77, 200, 100));
    assertThat(ledger.find(id)).contains(new SegmentLedger.Row(id, SegmentState.OPEN, 300, 200));
    assertThat(ledger.unstored()).hasSize(1);
    assertThat(ledger.runs(id)).containsExactly(run(77, 0, 100), run(77, 200, 100));
    assertThat(ledger.checksums(id)).isEmpty();

    ledger.stored(id);
    assertThat(ledger.find(id).orElseThrow().state()).as("not sealed").isEqualTo(SegmentState.OPEN);
    ledger.sealed(id, 300, pages);
    assertThat(ledger.find(id)).contains(new SegmentLedger.Row(id, SegmentState.SEALED, 300, 200));
    assertThat(ledger.checksums(id).orElseThrow().encode()).isEqualTo(pages.encode());
    ledger.sealed(id, 5, new PageChecksums(new int[] {1}, 5));
    assertThat(ledger.find(id).orElseThrow().dataLength()).as("once").isEqualTo(300);
    // A commit may still add to it.
    commit(file, 500, run(77, 150, 10));
    assertThat(ledger.runs(id)).hasSize(3);

    ledger.stored(id);
    assertThat(ledger.find(id)).contains(new SegmentLedger.Row(id, SegmentState.STORED, 300, 210));
    assertThat(ledger.runs(id)).isEmpty();
    assertThat(ledger.unstored()).isEmpty();
    commit(file, 600, run(77, 150, 10));
    assertThat(ledger.runs(id)).as("a stored one needs no runs").isEmpty();

    fixture.store.write(t -> {
      t.truncateExtents(file, 0);
      return true;
    });
    assertThat(ledger.dead(0, 10))
        .containsExactly(new SegmentLedger.Row(id, SegmentState.DEAD, 300, 0));
    assertThat(ledger.dead(77, 10)).isEmpty();
    // A writer with a pin brings it back.
    commit(file, 0, run(77, 0, 1));
    assertThat(ledger.dead(0, 10)).isEmpty();
    ledger.deleted(id);
    assertThat(ledger.find(id)).as("not dead, not deleted").isPresent();
    fixture.store.write(t -> {
      t.truncateExtents(file, 0);
      return true;
    });
    ledger.deleted(id);
    assertThat(ledger.find(id)).isEmpty();
    assertThat(ledger.checksums(id)).isEmpty();
  }

  @Test
  void whatIsStoredWithoutLiveBytesIsDeadAtOnce() {
    SegmentLedger ledger = fixture.store.ledger();
    InodeId file = fixture.newFile();
    commit(file, 0, run(5, 0, 100));
    fixture.store.write(t -> {
      t.truncateExtents(file, 0);
      return true;
    });
    SegmentId id = new SegmentId(5);
    assertThat(ledger.find(id).orElseThrow().state()).isEqualTo(SegmentState.OPEN);
    ledger.sealed(id, 100, new PageChecksums(new int[] {1}, 100));
    ledger.stored(id);
    assertThat(ledger.find(id).orElseThrow().state()).isEqualTo(SegmentState.DEAD);
  }
}
