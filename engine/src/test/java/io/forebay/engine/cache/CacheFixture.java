package io.forebay.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Payload;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.engine.object.RetryPolicy;
import io.forebay.engine.object.RetryingObjectStore;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.Problems;
import io.forebay.engine.segment.SegmentFormat;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentLedger;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentSlice;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.FaultySegmentFiles;
import io.forebay.testkit.MemoryObjectStore;
import io.forebay.testkit.Seeds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** The real cache on disks and a bucket that fail when told to. */
final class CacheFixture implements AutoCloseable {
  static final int PAGE = PageChecksums.PAGE_SIZE;

  final FaultySegmentFiles files = new FaultySegmentFiles();
  final MemoryObjectStore bucket = new MemoryObjectStore();
  final FaultyObjectStore store = new FaultyObjectStore(bucket);
  final Random random;
  final Map<SegmentId, byte[]> contents = new HashMap<>();
  final ChecksumLedger ledger = new ChecksumLedger();
  Problems problems = new Problems();
  SimpleMeterRegistry meters = new SimpleMeterRegistry();
  List<Path> directories;
  long budget = 64 << 20;
  long pageMemory = 8 << 20;
  int downloads = 8;

  /** By default what the cache puts off is done at once: tests know where they are. */
  Executor executor = Runnable::run;

  BlockCache cache;
  private long lastId;

  CacheFixture(Path home, Random random) {
    this.random = random;
    this.directories = List.of(home.resolve("cache"));
    this.cache = open();
  }

  /** Knows checksums, and nothing else. */
  static final class ChecksumLedger implements SegmentLedger {
    final Map<SegmentId, PageChecksums> known = new ConcurrentHashMap<>();

    @Override
    public Optional<PageChecksums> checksums(SegmentId id) {
      return Optional.ofNullable(known.get(id));
    }

    @Override
    public long leaseIds(int count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sealed(SegmentId id, int dataLength, PageChecksums checksums) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void stored(SegmentId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void lost(SegmentId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Row> unstored() {
      return List.of();
    }

    @Override
    public Optional<Row> find(SegmentId id) {
      return Optional.empty();
    }

    @Override
    public List<SegmentRun> runs(SegmentId id) {
      return List.of();
    }

    @Override
    public List<Row> dead(long after, int limit) {
      return List.of();
    }

    @Override
    public void deleted(SegmentId id) {
      throw new UnsupportedOperationException();
    }
  }

  private BlockCache open() {
    problems = new Problems();
    meters = new SimpleMeterRegistry();
    RetryPolicy policy =
        new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(200));
    BlockCache opened =
        new BlockCache(
            new CacheContext(
                directories,
                budget,
                0,
                downloads,
                pageMemory,
                new RetryingObjectStore(store, policy, TimeSource.system(), random),
                ledger,
                files,
                problems,
                TimeSource.system(),
                executor,
                new CacheMetrics(meters)));
    opened.start();
    return opened;
  }

  /** With whatever settings the test has changed. */
  void restart() {
    cache.close();
    cache = open();
  }

  /** A segment in the bucket. */
  SegmentId addSegment(int length) {
    SegmentId id = new SegmentId(++lastId);
    byte[] data = Seeds.bytes(random, length);
    contents.put(id, data);
    ledger.known.put(id, checksums(data));
    // Whatever stands behind the data is the trailer's business.
    bucket.plant(SegmentFormat.objectKey(id), Arrays.copyOf(data, length + 100));
    return id;
  }

  static PageChecksums checksums(byte[] data) {
    int[] pages = new int[(data.length + PAGE - 1) / PAGE];
    for (int i = 0; i < pages.length; i++) {
      CRC32C crc = new CRC32C();
      crc.update(data, i * PAGE, Math.min(PAGE, data.length - i * PAGE));
      pages[i] = (int) crc.getValue();
    }
    return new PageChecksums(pages, data.length);
  }

  byte[] contentOf(SegmentId id) {
    byte[] content = contents.get(id);
    if (content == null) {
      throw new AssertionError("no content of " + id);
    }
    return content;
  }

  Payload open(SegmentId id, int offset, int length, Intent intent) {
    return cache.read(
        List.of(new SegmentReader.Data(new SegmentSlice(id, offset, length))), intent);
  }

  /** Reads, and checks what it got. */
  void read(SegmentId id, int offset, int length, Intent intent) {
    try (Payload payload = open(id, offset, length, intent)) {
      assertContent(payload, id, offset, length);
    }
  }

  void assertContent(Payload payload, SegmentId id, int offset, int length) {
    if (!Arrays.equals(
        payload.toBytes(), Arrays.copyOfRange(contentOf(id), offset, offset + length))) {
      fail("wrong bytes of %s at %d", id, offset);
    }
  }

  void readAll(SegmentId id) {
    read(id, 0, contentOf(id).length, Intent.SEQUENTIAL);
  }

  int gets() {
    return store.ledger().count(Call.GET);
  }

  double count(String meter, String tag, String value) {
    return meters.counter(meter, tag, value).count();
  }

  /** The files of the cache. */
  List<Path> cachedFiles() throws IOException {
    try (Stream<Path> all = Files.walk(directories.getFirst())) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The one file of a segment. */
  Path fileOf(SegmentId id) throws IOException {
    String begin = String.format("%016x-", id.value());
    return cachedFiles().stream()
        .filter(file -> file.getFileName().toString().startsWith(begin))
        .findFirst()
        .orElseThrow(() -> new AssertionError(id + " is not cached"));
  }

  void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  static void awaitTrue(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("did not come to pass");
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  /** Files of the cache that this process holds open. */
  long openFiles() throws IOException {
    try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
      return handles.filter(each -> pointsInto(each, directories)).count();
    }
  }

  private static boolean pointsInto(Path link, List<Path> directories) {
    try {
      Path target = Files.readSymbolicLink(link);
      return directories.stream().anyMatch(target::startsWith);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    cache.close();
    try {
      assertThat(openFiles()).as("files still open").isZero();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
