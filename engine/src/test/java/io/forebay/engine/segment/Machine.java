package io.forebay.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.testkit.FaultyLedger;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.FaultySegmentFiles;
import io.forebay.testkit.MemoryObjectStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Staging with all that is around it: real metadata, disks and a bucket that fail when told to. Can
 * lose its power and be started again on what is left.
 */
final class Machine implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Data of a segment. Small, so that tests fill many. */
  static final int SEGMENT_BYTES = 256 << 10;

  final FaultySegmentFiles files = new FaultySegmentFiles();
  final MemoryObjectStore bucket = new MemoryObjectStore();
  final FaultyObjectStore store = new FaultyObjectStore(bucket);
  final MetadataStore metadata;
  final FaultyLedger ledger;
  final Path directory;
  final TimeSource time = TimeSource.system();
  final Random random;
  Problems problems = new Problems();
  SegmentPins pins = new SegmentPins();
  Handover handover = new Handover();
  long budget = 64 << 20;
  Duration uploadDelay = Duration.ofHours(1);
  private @Nullable Staging staging;
  private @Nullable StagingRecovery recovery;
  private @Nullable StagingContext context;

  /** What the cache would do: nothing but to take files. */
  final class Handover implements CacheHandover {
    final List<SegmentId> adopted = new CopyOnWriteArrayList<>();
    final List<SegmentId> dropped = new CopyOnWriteArrayList<>();
    volatile Runnable onGiveWay = () -> {};

    @Override
    public void adopt(SegmentId id, Path file, int dataLength, boolean proved) {
      adopted.add(id);
      try {
        files.delete(file);
      } catch (IOException e) {
        // As the real one: never fails.
      }
    }

    @Override
    public void drop(SegmentId id) {
      dropped.add(id);
    }

    @Override
    public void giveWay(long bytes) {
      onGiveWay.run();
    }
  }

  Machine(Path home, Random random) {
    this.random = random;
    this.directory = home.resolve("staging");
    this.metadata =
        MetadataStore.open(home.resolve("metadata"), 1000, time, random, new SimpleMeterRegistry());
    this.ledger = new FaultyLedger(metadata.ledger(), files::isOff);
  }

  /** Opens staging and recovers; no worker runs yet. */
  Machine boot() throws IOException {
    pins = new SegmentPins();
    problems = new Problems();
    handover = new Handover();
    StagingContext opened =
        new StagingContext(
            directory,
            SEGMENT_BYTES,
            budget,
            uploadDelay,
            2,
            metadata.volume().id(),
            store,
            ledger,
            pins,
            files,
            handover,
            problems,
            time,
            random);
    context = opened;
    Staging fresh = new Staging(opened, new SimpleMeterRegistry());
    staging = fresh;
    StagingRecovery found = new StagingRecovery(opened, fresh);
    recovery = found;
    found.run();
    return this;
  }

  /** Boots and lets the workers run. */
  Machine start() throws IOException {
    boot();
    staging().start();
    return this;
  }

  Staging staging() {
    Staging running = staging;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  StagingRecovery recovery() {
    StagingRecovery running = recovery;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  StagingContext context() {
    StagingContext running = context;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  /** The process ends and is started again; the disks are as they were. */
  Machine restart() throws IOException {
    staging().close();
    return start();
  }

  /** The power goes and comes back: the disks have what was forced and little else. */
  Machine loseOfPower() throws IOException {
    files.cutPower();
    staging().close();
    files.restart(random);
    return start();
  }

  // --- writing as the file layer does

  /**
   * A write of a whole new file.
   *
   * @param runs where its bytes are
   */
  record Written(InodeId inode, byte[] bytes, List<SegmentRun> runs) {
    List<SegmentId> segments() {
      return runs.stream().map(run -> run.slice().segment()).distinct().toList();
    }
  }

  Written append(AppendStream stream, byte[] bytes) {
    InodeId inode = metadata.leaseInodeId();
    return new Written(inode, bytes, stream.append(inode, 0, ByteBuffer.wrap(bytes)));
  }

  /** The metadata transaction; without power it does not happen. */
  void commit(Written written) {
    if (files.isOff()) {
      throw new EngineException(ErrorCode.IO, "the power is off");
    }
    metadata.write(transaction -> {
      InodeEdit edit =
          new InodeEdit(written.inode(), FileType.REGULAR, transaction.now())
              .size(written.bytes().length);
      transaction.create(edit.done());
      transaction.putExtents(
          written.inode(),
          written.runs().stream().map(run -> new Extent(run.fileOffset(), run.slice())).toList());
      transaction.addRuns(written.runs());
      return true;
    });
  }

  void unpin(Written written) {
    written.runs().forEach(run -> pins.unpin(run.slice().segment()));
  }

  /** A write that was answered: from here on its bytes must be there for ever. */
  Written write(AppendStream stream, byte[] bytes) {
    Written written = append(stream, bytes);
    try {
      staging().sync(written.segments());
      commit(written);
    } finally {
      unpin(written);
    }
    return written;
  }

  Written write(byte[] bytes) {
    try (AppendStream stream = staging().open(bytes.length)) {
      return write(stream, bytes);
    }
  }

  void delete(Written written) {
    metadata.write(transaction -> {
      while (!transaction.deleteStep(written.inode(), 100)) {
        // step by step
      }
      return true;
    });
  }

  // --- looking

  SegmentLedger.Row row(SegmentId id) {
    return metadata.ledger().find(id).orElseThrow();
  }

  /** Reads as the cache does: from staging, else from the bucket. */
  byte[] read(SegmentSlice slice) throws IOException {
    switch (staging().read(slice)) {
      case StagedRead.InFile file -> {
        try (FileLease lease = file.lease()) {
          return read(lease.channel(), slice);
        }
      }
      case StagedRead.InMemory memory -> {
        byte[] bytes = new byte[slice.length()];
        memory.bytes().get(bytes);
        return bytes;
      }
      case StagedRead.Damaged damaged -> throw new IOException(damaged.why());
      case StagedRead.Absent absent -> {
        ByteBuffer bytes = ByteBuffer.allocate(slice.length());
        bucket.get(SegmentFormat.objectKey(slice.segment()), slice.offset(), bytes);
        return bytes.array();
      }
    }
  }

  private static byte[] read(FileChannel channel, SegmentSlice slice) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(slice.length());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, slice.offset() + bytes.position()) < 0) {
        throw new IOException("the file is too short");
      }
    }
    return bytes.array();
  }

  /** Every byte of it is there and right. */
  void assertReadable(Written written) {
    ByteBuffer all = ByteBuffer.allocate(written.bytes().length);
    try {
      for (SegmentRun run : written.runs()) {
        all.put((int) run.fileOffset(), read(run.slice()));
      }
    } catch (IOException | RuntimeException e) {
      fail("cannot read " + written.inode() + " in " + written.runs(), e);
    }
    assertThat(all.array()).isEqualTo(written.bytes());
  }

  /** Its segments are in the bucket, whole, and their rows say so. */
  void assertStored(Written written) throws IOException {
    for (SegmentRun run : written.runs()) {
      SegmentId id = run.slice().segment();
      assertThat(row(id).state()).isEqualTo(SegmentState.STORED);
      Optional<SegmentTrailer> trailer =
          new BucketSegments(bucket, metadata.volume().id()).trailer(id);
      assertThat(trailer).isPresent();
      PageChecksums pages = trailer.orElseThrow().pages();
      byte[] object = bucket.bytes(SegmentFormat.objectKey(id));
      assertThat(pages.firstBadPage(0, ByteBuffer.wrap(object, 0, pages.dataLength())))
          .isEqualTo(-1);
      byte[] bytes = new byte[run.slice().length()];
      System.arraycopy(object, run.slice().offset(), bytes, 0, bytes.length);
      int from = (int) run.fileOffset();
      assertThat(bytes)
          .isEqualTo(java.util.Arrays.copyOfRange(written.bytes(), from, from + bytes.length));
    }
  }

  List<Path> stagedFiles() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var listing = Files.list(directory)) {
      return listing.sorted().toList();
    }
  }

  /** Seals and uploads all. */
  void drain() {
    assertThat(staging().drain(PATIENCE)).as("drained: %s", problems.list()).isTrue();
    settle();
  }

  /** Lets staging do its regular work until it has nothing left. */
  void settle() {
    awaitTrue(() -> {
      staging().runOnce();
      return staging().stagedBytes() == 0;
    });
  }

  static void awaitTrue(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("did not come to pass");
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  @Override
  public void close() {
    if (staging != null) {
      staging.close();
    }
    metadata.close();
  }
}
