package io.forebay.engine.cache;

import static io.forebay.engine.cache.CacheFixture.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Payload;
import io.forebay.engine.cache.SegmentReader.Data;
import io.forebay.engine.cache.SegmentReader.Hole;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.engine.segment.CacheHandover;
import io.forebay.engine.segment.SegmentFormat;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentSlice;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.CallLedger.Request;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.FaultySegmentFiles;
import io.forebay.testkit.FaultySegmentFiles.Operation;
import io.forebay.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Design section 6: where bytes come from, and that they are always the right ones. */
@Timeout(60)
class BlockCacheTest {
  private static final int BLOCK = Blocks.SIZE;
  private final Random random = Seeds.random("BlockCacheTest");
  @TempDir private Path home;
  private CacheFixture fixture;

  @BeforeEach
  void open() {
    fixture = new CacheFixture(home, random);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static void assertFails(ErrorCode code, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).as(e.toString()).isEqualTo(code));
  }

  // --- what is fetched

  @Test
  void aStreamFetchesABlockOnceAndReadsItFromDiskThen() throws IOException {
    SegmentId id = fixture.addSegment(300_000);
    for (int offset = 0; offset < 300_000; offset += 50_000) {
      fixture.read(id, offset, 50_000, Intent.SEQUENTIAL);
    }
    assertThat(fixture.store.ledger().requests())
        .containsExactly(new Request(Call.GET, SegmentFormat.objectKey(id), 0, 300_000));
    assertThat(fixture.cachedFiles()).hasSize(1);
    try (Payload payload = fixture.open(id, 1000, 200_000, Intent.SEQUENTIAL)) {
      assertThat(payload.parts())
          .singleElement()
          .isInstanceOfSatisfying(
              Payload.FileRange.class,
              range -> {
                assertThat(range.position()).isEqualTo(1000);
                assertThat(range.length()).isEqualTo(200_000);
              });
    }
  }

  @Test
  void aFirstTouchFetchesThePagesAndASecondTheWholeBlock() throws IOException {
    SegmentId id = fixture.addSegment(40 * PAGE + 100);
    fixture.read(id, 5 * PAGE + 10, PAGE, Intent.RANDOM);
    assertThat(fixture.store.ledger().requests())
        .containsExactly(new Request(Call.GET, SegmentFormat.objectKey(id), 5 * PAGE, 2 * PAGE));
    assertThat(fixture.cachedFiles()).isEmpty();
    fixture.read(id, 6 * PAGE, 100, Intent.RANDOM);
    assertThat(fixture.gets()).as("those pages are in memory").isEqualTo(1);

    fixture.read(id, 40 * PAGE + 50, 50, Intent.RANDOM);
    assertThat(fixture.store.ledger().requests().getLast())
        .isEqualTo(new Request(Call.GET, SegmentFormat.objectKey(id), 0, 40 * PAGE + 100));
    assertThat(fixture.cachedFiles()).hasSize(1);
    fixture.read(id, 20 * PAGE, 3 * PAGE, Intent.RANDOM);
    assertThat(fixture.gets()).isEqualTo(2);
  }

  @Test
  void theLastShortPageIsFetchedAsLongAsItIs() {
    SegmentId id = fixture.addSegment(10 * PAGE + 77);
    fixture.read(id, 10 * PAGE, 77, Intent.RANDOM);
    assertThat(fixture.store.ledger().requests())
        .containsExactly(new Request(Call.GET, SegmentFormat.objectKey(id), 10 * PAGE, 77));
  }

  @Test
  void halfOfABlockMayAsWellBeAllOfIt() {
    SegmentId id = fixture.addSegment(10 * PAGE);
    fixture.read(id, 0, 5 * PAGE, Intent.RANDOM);
    assertThat(fixture.store.ledger().requests())
        .containsExactly(new Request(Call.GET, SegmentFormat.objectKey(id), 0, 10 * PAGE));
  }

  @Test
  void aReadOverBlocksHolesAndSegmentsComesInOrder() {
    SegmentId large = fixture.addSegment(2 * BLOCK + 1000);
    SegmentId small = fixture.addSegment(5000);
    try (Payload payload =
        fixture.cache.read(
            List.of(
                new Hole(10),
                new Data(new SegmentSlice(large, BLOCK - 100, BLOCK + 200)),
                new Hole(5),
                new Hole(6),
                new Data(new SegmentSlice(small, 7, 100))),
            Intent.RANDOM)) {
      byte[] expected = new byte[10 + BLOCK + 200 + 11 + 100];
      System.arraycopy(fixture.contentOf(large), BLOCK - 100, expected, 10, BLOCK + 200);
      System.arraycopy(fixture.contentOf(small), 7, expected, 10 + BLOCK + 211, 100);
      assertThat(payload.length()).isEqualTo(expected.length);
      assertThat(Arrays.equals(payload.toBytes(), expected)).isTrue();
    }
  }

  @Test
  void manyReadersOfOneBlockAreOneRequest() throws Exception {
    SegmentId id = fixture.addSegment(300_000);
    FaultyObjectStore.Gate gate = fixture.store.hold(Call.GET, 1);
    List<CompletableFuture<Boolean>> readers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      readers.add(readInBackground(id, i * 1000, 2000, Intent.SEQUENTIAL));
    }
    gate.awaitArrivals(1);
    gate.open();
    for (CompletableFuture<Boolean> each : readers) {
      assertThat(each.get(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(fixture.gets()).isEqualTo(1);
  }

  @Test
  void manyReadersShareAFailureToo() throws Exception {
    SegmentId id = fixture.addSegment(300_000);
    FaultyObjectStore.Gate gate = fixture.store.hold(Call.GET, 1);
    fixture.store.fail(Call.GET, Kind.REFUSED, FaultyObjectStore.FOREVER);
    List<CompletableFuture<Boolean>> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      readers.add(readInBackground(id, i * 1000, 2000, Intent.SEQUENTIAL));
    }
    gate.awaitArrivals(1);
    gate.open();
    for (CompletableFuture<Boolean> each : readers) {
      assertThatThrownBy(() -> each.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(EngineException.class);
    }
    fixture.store.heal();
    fixture.readAll(id);
  }

  private CompletableFuture<Boolean> readInBackground(
      SegmentId id, int offset, int length, Intent intent) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        fixture.read(id, offset, length, intent);
        done.complete(true);
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  @Test
  void readingAheadBringsBlocksInBeforeTheyAreAskedFor() throws IOException {
    SegmentId id = fixture.addSegment(BLOCK + 1000);
    fixture.cache.prefetch(List.of(new SegmentSlice(id, 10, BLOCK)));
    CacheFixture.awaitTrue(() -> fixture.count("forebay.cache.prefetch", "outcome", "done") == 2);
    assertThat(fixture.gets()).isEqualTo(2);
    fixture.readAll(id);
    fixture.cache.prefetch(List.of(new SegmentSlice(id, 10, BLOCK)));
    assertThat(fixture.gets()).isEqualTo(2);
    assertThat(fixture.cachedFiles()).hasSize(2);
  }

  // --- wrong bytes

  @Test
  void wrongBytesOnTheWayAreFetchedAgain() {
    SegmentId id = fixture.addSegment(300_000);
    fixture.store.corrupt(Call.GET, 2);
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(3);
    SegmentId other = fixture.addSegment(300_000);
    fixture.store.truncate(Call.GET, 1);
    fixture.read(other, 70_000, 100, Intent.RANDOM);
    fixture.readAll(other);
    assertThat(fixture.count("forebay.cache.verification.failures", "where", "bucket"))
        .isEqualTo(3);
  }

  @Test
  void wrongBytesInTheBucketAreAnErrorNeverServedAndNeverKept() throws IOException {
    SegmentId id = fixture.addSegment(300_000);
    fixture.bucket.flipBit(SegmentFormat.objectKey(id), 100_000);
    assertFails(ErrorCode.CORRUPT, () -> fixture.readAll(id));
    assertFails(ErrorCode.CORRUPT, () -> fixture.read(id, 100_000, 1, Intent.RANDOM));
    assertThat(fixture.cachedFiles()).isEmpty();
    // Its other pages are good.
    fixture.read(id, 0, 60_000, Intent.RANDOM);
  }

  @Test
  void aShortObjectAMissingOneAndNoneThatIsKnownAreErrors() {
    SegmentId id = fixture.addSegment(300_000);
    fixture.bucket.plant(SegmentFormat.objectKey(id), new byte[1000]);
    assertFails(ErrorCode.CORRUPT, () -> fixture.readAll(id));
    fixture.bucket.delete(SegmentFormat.objectKey(id));
    assertFails(ErrorCode.CORRUPT, () -> fixture.readAll(id));
    assertFails(
        ErrorCode.CORRUPT, () -> fixture.open(new SegmentId(999), 0, 1, Intent.RANDOM).close());
    assertFails(ErrorCode.CORRUPT, () -> fixture.open(id, 299_999, 2, Intent.RANDOM).close());
  }

  @Test
  void aBucketThatIsAwayIsToldFromOneThatIsWrong() {
    SegmentId id = fixture.addSegment(300_000);
    fixture.store.fail(Call.GET, Kind.DOWN, 3);
    fixture.readAll(id);
    SegmentId other = fixture.addSegment(300_000);
    fixture.store.fail(Call.GET, Kind.DOWN, FaultyObjectStore.FOREVER);
    assertFails(ErrorCode.UNAVAILABLE, () -> fixture.readAll(other));
    fixture.readAll(id);
  }

  @Test
  void failedDownloadsHoldNothing() {
    fixture.downloads = 2;
    fixture.restart();
    SegmentId id = fixture.addSegment(300_000);
    fixture.store.fail(Call.GET, Kind.REFUSED, 10);
    for (int i = 0; i < 5; i++) {
      assertFails(ErrorCode.UNAVAILABLE, () -> fixture.readAll(id));
      assertFails(ErrorCode.UNAVAILABLE, () -> fixture.read(id, 0, 1, Intent.RANDOM));
    }
    fixture.store.before(
        Call.GET,
        () -> {
          throw new OutOfMemoryError("made to fail");
        },
        4);
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> fixture.readAll(id)).isInstanceOf(OutOfMemoryError.class);
    }
    fixture.readAll(id);
  }

  // --- restarts

  @Test
  void theCacheIsBackAfterARestartWithoutReadingAnyContent() {
    List<SegmentId> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(fixture.addSegment(100_000 + i));
    }
    ids.forEach(fixture::readAll);
    fixture.files.fail(Operation.READ, FaultySegmentFiles.FOREVER);
    fixture.files.fail(Operation.OPEN, FaultySegmentFiles.FOREVER);
    fixture.files.fail(Operation.OPEN_FOR_READING, FaultySegmentFiles.FOREVER);
    fixture.restart();
    assertThat(fixture.problems.list()).isEmpty();
    fixture.files.heal();
    ids.forEach(fixture::readAll);
    assertThat(fixture.gets()).isEqualTo(20);
  }

  @Test
  void whatIsLeftFromACrashIsClearedAndNeverServed() throws IOException {
    SegmentId id = fixture.addSegment(100_000);
    fixture.readAll(id);
    Path file = fixture.fileOf(id);
    Path half = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(half, new byte[100]);
    Path elsewhere = file.resolveSibling("../ff").normalize().resolve(file.getFileName());
    Files.write(elsewhere, new byte[100]);
    Path strange = Files.createDirectories(file.resolveSibling("strange/thing"));
    fixture.restart();
    assertThat(half).doesNotExist();
    assertThat(elsewhere).doesNotExist();
    assertThat(strange).exists();
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(1);
  }

  @Test
  void twoFilesOfOneBlockBecomeOne() throws IOException {
    SegmentId id = fixture.addSegment(100_000);
    fixture.readAll(id);
    Path file = fixture.fileOf(id);
    String name = file.getFileName().toString();
    Files.copy(file, file.resolveSibling(name.replaceAll("-[0-9a-f]+\\.blk", "-7.blk")));
    fixture.restart();
    assertThat(fixture.cachedFiles()).hasSize(1);
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(1);
  }

  @Test
  void aBitThatFlippedMeanwhileIsFoundAtTheFirstUseAndFetchedAnew() throws IOException {
    SegmentId id = fixture.addSegment(300_000);
    fixture.readAll(id);
    fixture.flip(fixture.fileOf(id), random.nextInt(300_000));
    fixture.restart();
    fixture.read(id, 0, 10, Intent.RANDOM);
    fixture.readAll(id);
    assertThat(fixture.count("forebay.cache.verification.failures", "where", "disk")).isEqualTo(1);
    int gets = fixture.gets();
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(gets);
    assertThat(fixture.cachedFiles()).hasSize(1);
  }

  @Test
  void aFileThatBecameShorterOrVanishedIsFetchedAnew() throws IOException {
    SegmentId id = fixture.addSegment(300_000);
    fixture.readAll(id);
    byte[] bytes = Files.readAllBytes(fixture.fileOf(id));
    Files.write(fixture.fileOf(id), Arrays.copyOf(bytes, 100_000));
    fixture.restart();
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(2);
    fixture.restart();
    Files.delete(fixture.fileOf(id));
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(3);
    assertThat(fixture.problems.list()).isEmpty();
  }

  @Test
  void afterAPowerCutNoWrongByteIsServed() throws IOException {
    List<SegmentId> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      SegmentId id = fixture.addSegment(100_000);
      ids.add(id);
      fixture.readAll(id);
    }
    fixture.files.cutPower();
    fixture.cache.close();
    fixture.files.restart(random);
    fixture.restart();
    ids.forEach(fixture::readAll);
    ids.forEach(fixture::readAll);
    assertThat(fixture.problems.list()).isEmpty();
  }

  @Test
  void scrubbingFindsAFlippedBitBeforeAReaderWould() throws IOException {
    List<SegmentId> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(fixture.addSegment(200_000));
    }
    ids.forEach(fixture::readAll);
    fixture.flip(fixture.fileOf(ids.get(3)), 150_000);
    SegmentId unknown = ids.get(5);
    fixture.ledger.known.remove(unknown);
    Scrubber scrubber = fixture.cache.scrubber();
    for (int i = 0; i < 10; i++) {
      scrubber.runOnce(300_000);
    }
    assertThat(fixture.cachedFiles()).hasSize(4);
    ids.subList(0, 5).forEach(fixture::readAll);
    assertThat(fixture.gets()).isEqualTo(7);
  }

  // --- budget

  @Test
  void theBudgetIsKeptInAllocatedBytes() throws IOException {
    fixture.budget = 2 << 20;
    fixture.restart();
    for (int i = 0; i < 100; i++) {
      fixture.readAll(fixture.addSegment(20_000 + random.nextInt(100_000)));
      long allocated = 0;
      for (Path file : fixture.cachedFiles()) {
        allocated += (Files.size(file) + 4095) / 4096 * 4096;
      }
      assertThat(allocated).isLessThanOrEqualTo(2 << 20);
    }
    assertThat(fixture.cachedFiles()).hasSizeGreaterThan(10);
    fixture.budget = 1 << 20;
    fixture.restart();
    long bytes = 0;
    for (Path file : fixture.cachedFiles()) {
      bytes += Files.size(file);
    }
    assertThat(bytes).as("a smaller budget after a restart").isLessThanOrEqualTo(1 << 20);
  }

  @Test
  void aBlockLargerThanTheBudgetIsReadPastTheDisk() throws IOException {
    fixture.budget = 100_000;
    fixture.restart();
    SegmentId id = fixture.addSegment(300_000);
    fixture.readAll(id);
    assertThat(fixture.cachedFiles()).isEmpty();
  }

  /** A hot set that fits, read over and over, and one scan of ten times the cache in between. */
  @Test
  void oneColdScanDoesNotFlushTheHotSet() {
    fixture.budget = 4 << 20;
    fixture.pageMemory = PAGE;
    fixture.restart();
    List<SegmentId> hot = new ArrayList<>();
    List<SegmentId> cold = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      hot.add(fixture.addSegment(50_000));
    }
    for (int i = 0; i < 800; i++) {
      cold.add(fixture.addSegment(50_000));
    }
    for (int round = 0; round < 6; round++) {
      hot.forEach(fixture::readAll);
    }
    for (SegmentId each : cold) {
      fixture.readAll(each);
      fixture.readAll(hot.get(random.nextInt(hot.size())));
    }
    int before = fixture.gets();
    hot.forEach(fixture::readAll);
    assertThat(fixture.gets() - before).as("misses of 60").isLessThanOrEqualTo(6);
  }

  @Test
  void aPayloadStaysReadableWhateverIsEvictedOrDropped() throws IOException {
    fixture.budget = 1 << 20;
    fixture.restart();
    SegmentId id = fixture.addSegment(300_000);
    fixture.readAll(id);
    try (Payload payload = fixture.open(id, 0, 300_000, Intent.RANDOM);
        Payload fresh = fixture.open(fixture.addSegment(100_000), 0, 1, Intent.SEQUENTIAL)) {
      fixture.cache.handover().drop(id);
      for (int i = 0; i < 30; i++) {
        fixture.readAll(fixture.addSegment(200_000));
      }
      assertThat(fixture.cachedFiles()).noneMatch(f -> f.toString().contains("0000001-"));
      fixture.assertContent(payload, id, 0, 300_000);
      assertThat(fresh.toBytes()).hasSize(1);
    }
  }

  @Test
  void whatIsDroppedIsGoneWithAllItsBlocks() throws IOException {
    SegmentId id = fixture.addSegment(2 * BLOCK + 10);
    SegmentId other = fixture.addSegment(10);
    fixture.readAll(id);
    fixture.readAll(other);
    assertThat(fixture.cachedFiles()).hasSize(4);
    fixture.cache.handover().drop(id);
    assertThat(fixture.cachedFiles()).containsExactly(fixture.fileOf(other));
  }

  @Test
  void aReadThatFailsHalfWayLetsGoOfWhatItHeld() throws IOException {
    SegmentId good = fixture.addSegment(100_000);
    SegmentId bad = fixture.addSegment(100_000);
    fixture.readAll(good);
    fixture.bucket.delete(SegmentFormat.objectKey(bad));
    for (int i = 0; i < 10; i++) {
      assertFails(
          ErrorCode.CORRUPT,
          () ->
              fixture
                  .cache
                  .read(
                      List.of(
                          new Data(new SegmentSlice(good, 0, 10)),
                          new Data(new SegmentSlice(bad, 0, 10))),
                      Intent.SEQUENTIAL)
                  .close());
    }
    fixture.cache.handover().drop(good);
    assertThat(fixture.openFiles()).isZero();
  }

  // --- from staging

  private Path staged(SegmentId id) throws IOException {
    Path file = home.resolve("staged-" + id.value());
    Files.write(file, fixture.bucket.bytes(SegmentFormat.objectKey(id)));
    return file;
  }

  @Test
  void stagedFilesBecomeCachedOnesByARename() throws IOException {
    SegmentId id = fixture.addSegment(BLOCK + 1000);
    CacheHandover handover = fixture.cache.handover();
    Path file = staged(id);
    handover.adopt(id, file, BLOCK + 1000, true);
    assertThat(file).doesNotExist();
    fixture.readAll(id);
    fixture.read(id, BLOCK + 10, 100, Intent.RANDOM);
    fixture.restart();
    fixture.read(id, BLOCK - 10, 100, Intent.RANDOM);
    fixture.readAll(id);
    assertThat(fixture.gets()).isZero();
  }

  @Test
  void aStagedFileThatWasNotProvedIsProvedAtItsFirstUse() throws IOException {
    SegmentId id = fixture.addSegment(100_000);
    Path file = staged(id);
    fixture.flip(file, 50_000);
    fixture.cache.handover().adopt(id, file, 100_000, false);
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(1);
  }

  @Test
  void stagedFilesOnAnotherDiskAreCopied() throws IOException {
    SegmentId id = fixture.addSegment(100_000);
    Path file = staged(id);
    fixture.files.fail(Operation.RENAME, file::equals, "Invalid cross-device link", 1);
    fixture.cache.handover().adopt(id, file, 100_000, true);
    assertThat(file).doesNotExist();
    fixture.readAll(id);
    assertThat(fixture.gets()).isZero();
  }

  @Test
  void withoutADiskStagedFilesJustGo() throws IOException {
    fixture.directories = List.of();
    fixture.restart();
    SegmentId id = fixture.addSegment(100_000);
    Path file = staged(id);
    fixture.cache.handover().adopt(id, file, 100_000, true);
    assertThat(file).doesNotExist();
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(1);
  }

  @Test
  void whenStagingNeedsTheRoomTheFilesAreGoneOnReturn() throws IOException {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      // Deletions take a while, as they do.
      fixture.executor =
          task ->
              executor.execute(() -> {
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                task.run();
              });
      fixture.restart();
      for (int i = 0; i < 20; i++) {
        fixture.readAll(fixture.addSegment(100_000));
      }
      assertThat(fixture.cachedFiles()).hasSize(20);
      fixture.cache.handover().giveWay(64 << 20);
      assertThat(fixture.cachedFiles()).isEmpty();
      fixture.cache.close();
    }
  }

  // --- disks that fail

  @Test
  void withoutAnyDiskReadsGoOnFromMemory() {
    fixture.directories = List.of();
    fixture.restart();
    SegmentId id = fixture.addSegment(300_000);
    fixture.readAll(id);
    fixture.readAll(id);
    fixture.read(id, 70_000, 100, Intent.RANDOM);
    assertThat(fixture.gets()).isEqualTo(1);
    assertThat(fixture.cache.scrubber().runOnce(1 << 20)).isZero();
    fixture.cache.runOnce();
    fixture.cache.handover().drop(id);
  }

  @Test
  void aDiskThatFailsIsLeftAloneAndComesBack() {
    List<SegmentId> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(fixture.addSegment(100_000));
    }
    ids.subList(0, 10).forEach(fixture::readAll);
    fixture.restart();
    for (Operation each :
        List.of(Operation.READ, Operation.WRITE, Operation.CREATE, Operation.OPEN_FOR_READING)) {
      fixture.files.fail(each, FaultySegmentFiles.FOREVER);
    }
    ids.forEach(fixture::readAll);
    assertThat(fixture.problems.list()).singleElement().asString().contains("the cache on");
    assertThat(state()).isPositive();
    for (int i = 0; i < 10; i++) {
      fixture.cache.runOnce();
    }
    assertThat(state()).as("down").isEqualTo(2);
    ids.forEach(fixture::readAll);

    fixture.files.heal();
    for (int i = 0; i < 5; i++) {
      fixture.cache.runOnce();
    }
    assertThat(state()).isZero();
    assertThat(fixture.problems.list()).isEmpty();
    ids.forEach(fixture::readAll);
    int gets = fixture.gets();
    ids.forEach(fixture::readAll);
    assertThat(fixture.gets()).isEqualTo(gets);
  }

  private double state() {
    return fixture.meters.get("forebay.cache.disk.state").gauge().value();
  }

  @Test
  void aDiskThatIsNotThereAtTheStartIsTakenUpLater() throws IOException {
    SegmentId id = fixture.addSegment(100_000);
    fixture.readAll(id);
    // Fails after it has read half of the folders.
    Path half = fixture.directories.getFirst().resolve("80");
    fixture.files.fail(Operation.LIST, half::equals, "Input/output error", 1);
    fixture.restart();
    assertThat(state()).isEqualTo(2);
    assertThat(fixture.problems.list()).hasSize(1);
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(2);
    for (int i = 0; i < 5; i++) {
      fixture.cache.runOnce();
    }
    assertThat(state()).isZero();
    assertThat(fixture.fileOf(id)).exists();
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(2);
  }

  @Test
  void aBlockThatCannotBeOpenedAfterItWasWrittenLeavesNoFile() throws IOException {
    SegmentId id = fixture.addSegment(100_000);
    fixture.files.fail(Operation.OPEN_FOR_READING, 1);
    fixture.readAll(id);
    assertThat(fixture.cachedFiles()).isEmpty();
    SegmentId other = fixture.addSegment(100_000);
    fixture.files.fail(Operation.RENAME, 1);
    fixture.readAll(other);
    assertThat(fixture.cachedFiles()).isEmpty();
  }

  @Test
  void aFullDiskIsNoFailingDisk() {
    fixture.files.capacity(250_000);
    for (int i = 0; i < 5; i++) {
      fixture.readAll(fixture.addSegment(100_000));
    }
    assertThat(state()).isZero();
    assertThat(fixture.files.usedBytes()).isLessThanOrEqualTo(250_000);
  }

  @Test
  void aReaderWhoIsInterruptedIsNoFailingDisk() throws Exception {
    SegmentId id = fixture.addSegment(100_000);
    fixture.readAll(id);
    for (int i = 0; i < 10; i++) {
      fixture.restart();
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      Thread.startVirtualThread(() -> {
        Thread.currentThread().interrupt();
        try {
          fixture.open(id, 0, 100, Intent.RANDOM).close();
        } catch (EngineException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        } finally {
          done.complete(true);
        }
      });
      done.get(5, TimeUnit.SECONDS);
      assertThat(state()).isZero();
    }
    fixture.readAll(id);
    assertThat(fixture.gets()).isEqualTo(1);
  }

  @Test
  void oneOfTwoDisksThatFailsCostsItsShareOnly() throws IOException {
    Path second = home.resolve("cache-2");
    fixture.directories = List.of(home.resolve("cache"), second);
    fixture.restart();
    List<SegmentId> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(fixture.addSegment(50_000));
    }
    ids.forEach(fixture::readAll);
    int onFirst = fixture.cachedFiles().size();
    assertThat(onFirst).isBetween(8, 32);
    fixture.files.fail(
        Operation.OPEN_FOR_READING, p -> p.startsWith(second), "Input/output error", 1 << 20);
    fixture.restart();
    ids.forEach(fixture::readAll);
    assertThat(fixture.gets()).isBetween(40 + 1, 40 + 40 - onFirst);
  }
}
