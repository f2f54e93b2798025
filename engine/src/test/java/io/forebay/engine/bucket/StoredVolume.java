package io.forebay.engine.bucket;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Durability;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectView;
import io.forebay.engine.assembly.DataPlane;
import io.forebay.engine.assembly.DataPlaneSettings;
import io.forebay.engine.file.FileLayer;
import io.forebay.engine.file.FileLimits;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Snapshot;
import io.forebay.engine.object.DirectoryObjectStore;
import io.forebay.testkit.VolumeUnderTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A volume on SQLite and a directory, with the file layer and the object view on top. */
final class StoredVolume implements VolumeUnderTest {
  static final int SEGMENT_BYTES = 256 << 10;
  static final BucketSettings SETTINGS = new BucketSettings(0640, 0750);
  private static final long STAGING_BYTES = 1L << 30;

  private final Path directory;
  private final TimeSource time;

  /** One for all runs: ids that are drawn anew after a restart differ. */
  private final Random random = new Random(4);

  private MetadataStore store;
  private DataPlane plane;
  private FileLayer files;

  StoredVolume(Path directory, TimeSource time) {
    this.directory = directory;
    this.time = time;
    this.store = openStore();
    this.plane = openPlane();
    this.files = openFiles();
  }

  private MetadataStore openStore() {
    return MetadataStore.open(
        directory.resolve("metadata"), 100_000, time, new Random(1), new SimpleMeterRegistry());
  }

  private DataPlane openPlane() {
    DataPlaneSettings settings =
        new DataPlaneSettings(
            directory.resolve("staging"),
            List.of(directory.resolve("cache")),
            1L << 30,
            0,
            STAGING_BYTES,
            SEGMENT_BYTES,
            Duration.ofSeconds(1),
            2,
            2,
            1L << 20);
    return DataPlane.open(
        settings,
        store.volume().id(),
        new DirectoryObjectStore(directory.resolve("bucket"), time),
        store.ledger(),
        time,
        new Random(2),
        new SimpleMeterRegistry());
  }

  private FileLayer openFiles() {
    return new FileLayer(
        store,
        plane.writer(),
        plane.reader(),
        plane.pins(),
        FileLimits.defaults(STAGING_BYTES),
        () -> 1L << 40,
        time,
        new Random(3));
  }

  MetadataStore store() {
    return store;
  }

  DataPlane plane() {
    return plane;
  }

  FileLayer files() {
    return files;
  }

  /** What maintenance does: deletes the inodes that were discarded. */
  void deleteDiscarded() {
    for (Snapshot.Work work : store.read(snapshot -> snapshot.work(0, 100))) {
      store.write(tx -> {
        if (tx.deleteStep(new InodeId(work.subject()), 100)) {
          tx.finishWork(work.id());
        }
        return work;
      });
    }
  }

  StoredObjectView view(Durability durability) {
    BucketContext context =
        new BucketContext(
            store, plane.writer(), plane.pins(), files.contents(), files.tree(), random, SETTINGS);
    return new StoredObjectView(context, durability);
  }

  @Override
  public ObjectView objects(Durability durability) {
    return view(durability);
  }

  @Override
  public FileSystem fileSystem(Durability durability) {
    return files.fileSystem(durability);
  }

  @Override
  public void reopen() {
    close();
    store = openStore();
    plane = openPlane();
    files = openFiles();
  }

  @Override
  public void loseStaging() {
    close();
    deleteTree(directory.resolve("staging"));
    deleteTree(directory.resolve("cache"));
    store = openStore();
    plane = openPlane();
    files = openFiles();
  }

  private static void deleteTree(Path top) {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    plane.close();
    store.close();
  }
}
