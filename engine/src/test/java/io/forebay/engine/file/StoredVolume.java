package io.forebay.engine.file;

import io.forebay.engine.Durability;
import io.forebay.engine.FileSystem;
import io.forebay.engine.assembly.DataPlane;
import io.forebay.engine.assembly.DataPlaneSettings;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.object.DirectoryObjectStore;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.segment.SegmentFiles;
import io.forebay.testkit.FileSystemWorld;
import io.forebay.testkit.ManualClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A whole volume below a directory: SQLite, staging, cache, and a directory for a bucket. */
final class StoredVolume implements FileSystemWorld {
  private final Path directory;
  private final FileLimits limits;
  private final SegmentFiles segmentFiles;
  private final UnaryOperator<ObjectStore> bucket;
  private final ManualClock clock = new ManualClock();
  private final Random random = new Random(7);
  private MetadataStore metadata;
  private DataPlane plane;
  private FileLayer layer;
  private volatile long capacity = 1L << 40;

  StoredVolume(Path directory) {
    this(directory, FileLimits.defaults(1L << 30));
  }

  StoredVolume(Path directory, FileLimits limits) {
    this(directory, limits, SegmentFiles.onDisk(), store -> store);
  }

  StoredVolume(
      Path directory,
      FileLimits limits,
      SegmentFiles segmentFiles,
      UnaryOperator<ObjectStore> bucket) {
    this.directory = directory;
    this.limits = limits;
    this.segmentFiles = segmentFiles;
    this.bucket = bucket;
    metadata = openMetadata();
    plane = openPlane();
    layer = openLayer();
  }

  private MetadataStore openMetadata() {
    return MetadataStore.open(
        directory.resolve("metadata"), 10_000, clock, random, new SimpleMeterRegistry());
  }

  private DataPlane openPlane() {
    DataPlaneSettings settings =
        new DataPlaneSettings(
            directory.resolve("staging"),
            List.of(directory.resolve("cache")),
            1L << 30,
            0,
            1L << 30,
            1 << 20,
            Duration.ofSeconds(1),
            2,
            4,
            8 << 20);
    return DataPlane.open(
        settings,
        metadata.volume().id(),
        bucket.apply(new DirectoryObjectStore(directory.resolve("bucket"), clock)),
        metadata.ledger(),
        segmentFiles,
        clock,
        random,
        new SimpleMeterRegistry());
  }

  private FileLayer openLayer() {
    return new FileLayer(
        metadata,
        plane.writer(),
        plane.reader(),
        plane.pins(),
        limits,
        () -> capacity,
        clock,
        random);
  }

  /** What the volume may hold from now on. */
  void capacity(long bytes) {
    capacity = bytes;
  }

  MetadataStore metadata() {
    return metadata;
  }

  DataPlane plane() {
    return plane;
  }

  FileLayer layer() {
    return layer;
  }

  @Override
  public FileSystem fileSystem(Durability durability) {
    return layer.fileSystem(durability);
  }

  @Override
  public ManualClock clock() {
    return clock;
  }

  @Override
  public void reopen() {
    layer.stopWrites();
    layer.commitAll();
    crash();
  }

  @Override
  public void crash() {
    crash(() -> {});
  }

  /** Stops in the middle of everything, lets something happen to the disks, and starts again. */
  void crash(Runnable meanwhile) {
    close();
    meanwhile.run();
    metadata = openMetadata();
    plane = openPlane();
    layer = openLayer();
  }

  @Override
  public void close() {
    plane.close();
    metadata.close();
  }
}
