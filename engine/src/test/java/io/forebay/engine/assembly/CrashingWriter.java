package io.forebay.engine.assembly;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.object.DirectoryObjectStore;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.segment.AppendStream;
import io.forebay.engine.segment.SegmentRun;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * The process that {@link KilledProcessTest} kills: writes files as fast as it can, several threads
 * at once, and prints the inode of each that was answered. A file's bytes follow from its inode.
 */
final class CrashingWriter {
  private static final int THREADS = 4;

  /** An engine without its views. */
  record Opened(ObjectStore store, MetadataStore metadata, DataPlane plane)
      implements AutoCloseable {
    static Opened in(Path home) {
      Random random = new Random();
      TimeSource time = TimeSource.system();
      ObjectStore store = new DirectoryObjectStore(home.resolve("bucket"), time);
      MetadataStore metadata = openMetadata(home);
      DataPlaneSettings settings =
          new DataPlaneSettings(
              home.resolve("staging"),
              List.of(home.resolve("cache")),
              256 << 20,
              0,
              256 << 20,
              256 << 10,
              Duration.ofMillis(30),
              2,
              4,
              8 << 20);
      DataPlane plane =
          DataPlane.open(
              settings,
              metadata.volume().id(),
              store,
              metadata.ledger(),
              time,
              random,
              new SimpleMeterRegistry());
      return new Opened(store, metadata, plane);
    }

    static MetadataStore openMetadata(Path home) {
      return MetadataStore.open(
          home.resolve("metadata"),
          10_000,
          TimeSource.system(),
          new Random(),
          new SimpleMeterRegistry());
    }

    @Override
    public void close() {
      plane.close();
      metadata.close();
      store.close();
    }
  }

  private CrashingWriter() {}

  static byte[] contentOf(InodeId inode) {
    Random random = new Random(inode.value());
    byte[] bytes = new byte[1 + random.nextInt(40_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  public static void main(String[] arguments) throws InterruptedException {
    Opened opened = Opened.in(Path.of(arguments[0]));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      threads[i] =
          Thread.startVirtualThread(() -> {
            while (true) {
              InodeId inode = write(opened);
              // The full stop tells a whole number from one that the kill has cut.
              out.println("answered " + inode.value() + ".");
            }
          });
    }
    for (Thread each : threads) {
      each.join();
    }
  }

  private static InodeId write(Opened opened) {
    InodeId inode = opened.metadata().leaseInodeId();
    byte[] bytes = contentOf(inode);
    try (AppendStream stream = opened.plane().writer().open(bytes.length)) {
      List<SegmentRun> runs = stream.append(inode, 0, ByteBuffer.wrap(bytes));
      opened
          .plane()
          .writer()
          .sync(runs.stream().map(run -> run.slice().segment()).distinct().toList());
      opened
          .metadata()
          .write(t -> {
            t.create(new InodeEdit(inode, FileType.REGULAR, t.now()).size(bytes.length).done());
            t.putExtents(
                inode,
                runs.stream().map(run -> new Extent(run.fileOffset(), run.slice())).toList());
            t.addRuns(runs);
            return true;
          });
      runs.forEach(run -> opened.plane().pins().unpin(run.slice().segment()));
    }
    return inode;
  }
}
