package io.forebay.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.ReadResult;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import io.forebay.engine.metadata.Snapshot;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many threads on the same files. */
@Timeout(120)
class FileRaceTest {
  private static final FileName NAME = FileName.of("f");

  @TempDir Path directory;

  private static FileSystem fs(StoredVolume volume) {
    return volume.fileSystem(Durability.LOCAL);
  }

  private static InodeId create(StoredVolume volume) {
    return fs(volume)
        .createFile(
            Caller.ROOT, InodeId.ROOT, NAME, CreateMode.UNCHECKED, AttributeChanges.mode(0644))
        .attributes()
        .inode();
  }

  private static OpenFile open(StoredVolume volume, InodeId file) {
    return fs(volume).open(Caller.ROOT, file, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
  }

  /** Runs all of these at once, on threads that are preempted, and waits for them. */
  private static void run(List<Callable<Boolean>> tasks) {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (Future<Boolean> each : threads.invokeAll(tasks)) {
        assertThat(each.get()).isTrue();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError("a thread failed", e.getCause());
    }
  }

  /**
   * Each thread owns blocks of one file and writes a number all over a block, always a higher one.
   * Nobody ever reads a torn block or a lower number than one that was acknowledged, nor does a
   * crash leave one.
   */
  @Test
  void commitsAmongWritesLoseNothing() {
    int writers = 4;
    int blocksEach = 5;
    int blockSize = 4096;
    long seed = Seeds.next("commitsAmongWritesLoseNothing");
    AtomicLongArray durable = new AtomicLongArray(writers * blocksEach);
    AtomicLongArray visible = new AtomicLongArray(writers * blocksEach);
    FileLimits limits =
        new FileLimits(7, 1 << 20, 100, 1 << 22, java.time.Duration.ofSeconds(5), 10);
    try (StoredVolume volume = new StoredVolume(directory, limits)) {
      InodeId file = create(volume);
      AtomicBoolean done = new AtomicBoolean();
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int writer = w;
        tasks.add(() -> {
          Random random = new Random(seed + writer);
          try (OpenFile open = open(volume, file)) {
            for (long number = 1; number <= 150; number++) {
              int block = writer * blocksEach + random.nextInt(blocksEach);
              Stability stability =
                  random.nextInt(10) == 0 ? Stability.DURABLE : Stability.UNSTABLE;
              open.write(
                  (long) block * blockSize, ByteBuffer.wrap(filled(number, blockSize)), stability);
              visible.set(block, number);
              if (stability == Stability.DURABLE) {
                durable.set(block, number);
              } else if (random.nextInt(8) == 0) {
                long[] before = new long[blocksEach];
                for (int i = 0; i < blocksEach; i++) {
                  before[i] = visible.get(writer * blocksEach + i);
                }
                open.commit();
                for (int i = 0; i < blocksEach; i++) {
                  durable.set(writer * blocksEach + i, before[i]);
                }
              }
            }
          } finally {
            if (writer == 0) {
              done.set(true);
            }
          }
          return true;
        });
      }
      for (int r = 0; r < 2; r++) {
        int reader = r;
        tasks.add(() -> {
          Random random = new Random(seed - 1 - reader);
          try (OpenFile open = open(volume, file)) {
            while (!done.get()) {
              int block = random.nextInt(writers * blocksEach);
              long least = visible.get(block);
              try (ReadResult result = open.read((long) block * blockSize, blockSize)) {
                assertThat(number(result.payload().toBytes())).isGreaterThanOrEqualTo(least);
              }
            }
          }
          return true;
        });
      }
      run(tasks);
      volume.crash();
      try (OpenFile open = open(volume, file)) {
        for (int block = 0; block < writers * blocksEach; block++) {
          try (ReadResult result = open.read((long) block * blockSize, blockSize)) {
            assertThat(number(result.payload().toBytes()))
                .isGreaterThanOrEqualTo(durable.get(block));
          }
        }
      }
    }
  }

  private static byte[] filled(long number, int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  /** The number a block is full of; 0 for one that was never written. */
  private static long number(byte[] block) {
    for (byte each : block) {
      assertThat(each).as("a torn block").isEqualTo(block[0]);
    }
    return block.length == 0 ? 0 : Byte.toUnsignedLong(block[0]);
  }

  /** Truncations, writes at the end and reads: no reader sees bytes of neither. */
  @Test
  void truncationsAmongReadsShowNoZeroes() {
    long seed = Seeds.next("truncationsAmongReadsShowNoZeroes");
    try (StoredVolume volume = new StoredVolume(directory)) {
      InodeId file = create(volume);
      AtomicBoolean done = new AtomicBoolean();
      List<Callable<Boolean>> tasks = new ArrayList<>();
      tasks.add(() -> {
        Random random = new Random(seed);
        try (OpenFile open = open(volume, file)) {
          for (int i = 0; i < 100; i++) {
            open.write(0, ByteBuffer.wrap(filled(1, 10_000)), Stability.UNSTABLE);
            if (random.nextBoolean()) {
              open.commit();
            }
            fs(volume)
                .setAttributes(Caller.ROOT, file, AttributeChanges.size(random.nextInt(10_000)));
          }
        } finally {
          done.set(true);
        }
        return true;
      });
      for (int r = 0; r < 3; r++) {
        tasks.add(() -> {
          try (OpenFile open = open(volume, file)) {
            while (!done.get()) {
              try (ReadResult result = open.read(0, 20_000)) {
                for (byte each : result.payload().toBytes()) {
                  assertThat(each).isEqualTo((byte) 1);
                }
              }
            }
          }
          return true;
        });
      }
      run(tasks);
    }
  }

  /**
   * A file is made, written, and unlinked, again and again, while others open it by name and read
   * it, and deletions and sweeps go on. Whoever gets it open reads all of it; nothing is left over.
   */
  @Test
  void anOpenWinsOrLosesAgainstAnUnlink() {
    try (StoredVolume volume = new StoredVolume(directory)) {
      AtomicBoolean done = new AtomicBoolean();
      byte[] content = Seeds.bytesOf(5, 3000);
      long[] opened = new long[4];
      List<Callable<Boolean>> tasks = new ArrayList<>();
      tasks.add(() -> {
        try {
          for (int i = 0; i < 150; i++) {
            FileName hidden = FileName.of("hidden");
            InodeId file =
                fs(volume)
                    .createFile(
                        Caller.ROOT,
                        InodeId.ROOT,
                        hidden,
                        CreateMode.GUARDED,
                        AttributeChanges.mode(0644))
                    .attributes()
                    .inode();
            try (OpenFile open = open(volume, file)) {
              open.write(0, ByteBuffer.wrap(content), Stability.UNSTABLE);
              if (i % 2 == 0) {
                open.commit();
              }
            }
            fs(volume).rename(Caller.ROOT, InodeId.ROOT, hidden, InodeId.ROOT, NAME);
            if (i % 3 == 0) {
              fs(volume).remove(Caller.ROOT, InodeId.ROOT, NAME, RemoveKind.FILE);
            }
          }
        } finally {
          done.set(true);
        }
        return true;
      });
      for (int r = 0; r < opened.length; r++) {
        int reader = r;
        tasks.add(() -> {
          while (!done.get()) {
            try {
              InodeId file = fs(volume).lookup(Caller.ROOT, InodeId.ROOT, NAME).inode();
              try (OpenFile open = open(volume, file);
                  ReadResult result = open.read(0, content.length)) {
                opened[reader]++;
                assertThat(result.payload().toBytes()).isEqualTo(content);
              }
            } catch (EngineException e) {
              assertThat(e.code()).isIn(ErrorCode.NOT_FOUND, ErrorCode.STALE);
            }
          }
          return true;
        });
      }
      tasks.add(() -> {
        while (!done.get()) {
          deleteAll(volume);
          volume.plane().sweepDeadSegments();
          volume.layer().runOnce();
        }
        return true;
      });
      run(tasks);
      assertThat(Arrays.stream(opened).sum()).isPositive();
      if (fs(volume).readDirectory(Caller.ROOT, InodeId.ROOT, 0, 10).entries().size() == 1) {
        fs(volume).remove(Caller.ROOT, InodeId.ROOT, NAME, RemoveKind.FILE);
      }
      volume.layer().runOnce();
      deleteAll(volume);
      assertThat(volume.metadata().usage().inodes()).isEqualTo(1);
      assertThat(volume.metadata().usage().bytes()).isZero();
      assertThat(volume.metadata().<Integer>read(s -> s.orphans(0, 10).size())).isZero();
    }
  }

  /** What maintenance does with inodes that are queued for deletion. */
  static void deleteAll(StoredVolume volume) {
    long after = 0;
    while (true) {
      long from = after;
      List<Snapshot.Work> some = volume.metadata().read(snapshot -> snapshot.work(from, 100));
      for (Snapshot.Work work : some) {
        after = work.id();
        InodeId inode = new InodeId(work.subject());
        volume
            .metadata()
            .write(tx -> {
              if (!volume.layer().holds().isHeld(inode) && tx.deleteStep(inode, 1000)) {
                tx.finishWork(work.id());
              }
              return true;
            });
      }
      if (some.isEmpty()) {
        return;
      }
    }
  }

  /** Directories moved about by many threads never form a loop. */
  @Test
  void renamesNeverMakeALoop() {
    try (StoredVolume volume = new StoredVolume(directory)) {
      List<InodeId> directories = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        directories.add(
            fs(volume)
                .createDirectory(
                    Caller.ROOT, InodeId.ROOT, FileName.of("d" + i), AttributeChanges.mode(0755))
                .attributes()
                .inode());
      }
      long seed = Seeds.next("renamesNeverMakeALoop");
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Random random = new Random(seed + t);
        tasks.add(() -> {
          for (int i = 0; i < 100; i++) {
            InodeId from = any(directories, random);
            InodeId to = any(directories, random);
            FileName name = FileName.of("d" + random.nextInt(4));
            try {
              fs(volume).rename(Caller.ROOT, from, name, to, name);
            } catch (EngineException e) {
              assertThat(e.code())
                  .isIn(ErrorCode.NOT_FOUND, ErrorCode.INVALID_ARGUMENT, ErrorCode.NOT_EMPTY);
            }
          }
          return true;
        });
      }
      run(tasks);
      for (InodeId each : directories) {
        InodeId up = each;
        for (int depth = 0; !up.equals(InodeId.ROOT); depth++) {
          assertThat(depth).isLessThan(10);
          up = fs(volume).lookupParent(Caller.ROOT, up).inode();
        }
      }
    }
  }

  private static InodeId any(List<InodeId> directories, Random random) {
    int index = random.nextInt(directories.size() + 1);
    return index == directories.size() ? InodeId.ROOT : directories.get(index);
  }
}
