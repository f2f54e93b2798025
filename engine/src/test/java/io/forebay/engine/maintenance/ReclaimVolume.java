package io.forebay.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Stability;
import io.forebay.engine.assembly.DataPlane;
import io.forebay.engine.assembly.DataPlaneSettings;
import io.forebay.engine.file.FileLayer;
import io.forebay.engine.file.FileLimits;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.SegmentUse;
import io.forebay.engine.metadata.SegmentUse.Stored;
import io.forebay.engine.segment.SegmentFormat;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentLedger.Row;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.ManualClock;
import io.forebay.testkit.MemoryObjectStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A volume whose space is given back, with a bucket that fails when told to. */
final class ReclaimVolume implements AutoCloseable {
  /** Compacts whatever has an age, so that tests need little data. */
  static final CompactionSettings EAGER =
      new CompactionSettings(0.7, Duration.ofMinutes(1), 16 << 10, 4, 256 << 10);

  private static final int SEGMENT_BYTES = 64 << 10;

  final ManualClock clock = new ManualClock();
  final MemoryObjectStore memory = new MemoryObjectStore(clock);
  final FaultyObjectStore bucket = new FaultyObjectStore(memory);
  private final Path directory;
  private final Random random;
  MetadataStore metadata;
  DataPlane plane;
  FileLayer layer;
  SegmentUse use;
  SegmentCompactor compactor;

  ReclaimVolume(Path directory, Random random) {
    this.directory = directory;
    this.random = random;
    open();
  }

  private void open() {
    metadata =
        MetadataStore.open(
            directory.resolve("metadata"), 10_000, clock, random, new SimpleMeterRegistry());
    plane =
        DataPlane.open(
            new DataPlaneSettings(
                directory.resolve("staging"),
                List.of(directory.resolve("cache")),
                1L << 30,
                0,
                1L << 30,
                SEGMENT_BYTES,
                Duration.ofSeconds(1),
                2,
                4,
                8 << 20),
            metadata.volume().id(),
            bucket,
            metadata.ledger(),
            clock,
            random,
            new SimpleMeterRegistry());
    layer =
        new FileLayer(
            metadata,
            plane.writer(),
            plane.reader(),
            plane.pins(),
            FileLimits.defaults(1L << 30),
            () -> 1L << 40,
            clock,
            random);
    use = new SegmentUse(metadata);
    compactor =
        new SegmentCompactor(
            use, plane.writer(), plane.reader(), plane.pins(), layer::moved, EAGER, clock);
  }

  /** Stops in the middle of everything and starts again. */
  void crash() {
    close();
    bucket.heal();
    open();
  }

  @Override
  public void close() {
    plane.close();
    metadata.close();
  }

  FileSystem fileSystem() {
    return layer.fileSystem(Durability.LOCAL);
  }

  InodeId create(String name) {
    return fileSystem()
        .createFile(
            Caller.ROOT,
            InodeId.ROOT,
            FileName.of(name),
            CreateMode.GUARDED,
            AttributeChanges.mode(0644))
        .attributes()
        .inode();
  }

  OpenFile open(InodeId inode) {
    return fileSystem().open(Caller.ROOT, inode, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
  }

  void write(InodeId inode, long offset, byte[] bytes) {
    OpenFile file = open(inode);
    file.write(offset, ByteBuffer.wrap(bytes), Stability.DURABLE);
    file.close();
  }

  /** Everything is in the bucket, dead segments are gone, and a while has passed. */
  void settle() {
    assertThat(plane.drain(Duration.ofSeconds(20))).isTrue();
    DeletionQueue queue = new DeletionQueue(metadata, layer.holds());
    queue.runOnce();
    plane.sweepDeadSegments();
    clock.advance(Duration.ofMinutes(5));
  }

  /** Live bytes are the sum of the extents, and every object that is named is there. */
  void assertAccounts() {
    for (Stored segment : use.stored(0, 100_000)) {
      assertThat(sumOfExtents(segment.id())).as("%s", segment.id()).isEqualTo(segment.liveBytes());
      assertThat(memory.keys()).contains(SegmentFormat.objectKey(segment.id()));
    }
    for (Row row : metadata.ledger().unstored()) {
      assertThat(sumOfExtents(row.id())).as("%s", row.id()).isEqualTo(row.liveBytes());
    }
  }

  private long sumOfExtents(SegmentId id) {
    return use.references(id, 1_000_000).orElseThrow().stream()
        .mapToLong(reference -> reference.extent().length())
        .sum();
  }
}
