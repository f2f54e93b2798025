package io.forebay.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.ByteRange;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Payload;
import io.forebay.engine.ReadResult;
import io.forebay.engine.Stability;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.testkit.FaultySegmentFiles;
import io.forebay.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random operations on a few files through several open files, compared with arrays of bytes. After
 * a crash a file is what it was at its last commit or at a later moment, whole: never a mixture,
 * never zeroes that nobody wrote.
 */
@Timeout(120)
class FileModelTest {
  private static final int FILES = 3;
  private static final int STEPS = 1200;
  private static final int MAX_SIZE = 300_000;

  /** How tight the bounds are. */
  enum Bounds {
    WIDE,
    /** Writers have to commit, extents have to be loaded again. */
    TIGHT;

    FileLimits limits() {
      return switch (this) {
        case WIDE -> FileLimits.defaults(1L << 30);
        case TIGHT -> new FileLimits(5, 100_000, 8, 150_000, Duration.ofSeconds(5), 4);
      };
    }
  }

  /** A file, and everything it may be after a crash. */
  private static final class Model {
    private final InodeId inode;
    private byte[] content = {};
    private final List<byte[]> sinceCommit = new ArrayList<>();
    private final List<OpenFile> open = new ArrayList<>();
    private final List<Pinned> pinned = new ArrayList<>();
    private long change;

    Model(InodeId inode) {
      this.inode = inode;
      sinceCommit.add(content);
    }

    void becomes(byte[] next) {
      content = next;
      sinceCommit.add(next);
    }

    void committed() {
      sinceCommit.clear();
      sinceCommit.add(content);
    }
  }

  private record Pinned(PinnedContent pin, byte[] content) {}

  @TempDir Path directory;
  private final Random random = Seeds.random("FileModelTest");
  private final FaultySegmentFiles disk = new FaultySegmentFiles();
  private final List<Model> files = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void aFileIsWhatWasWritten(Bounds bounds) {
    try (StoredVolume volume = new StoredVolume(directory, bounds.limits(), disk, store -> store)) {
      for (int i = 0; i < FILES; i++) {
        files.add(new Model(create(volume, "f" + i)));
      }
      for (int step = 0; step < STEPS; step++) {
        Model file = files.get(random.nextInt(FILES));
        try {
          step(volume, file);
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("in step " + step, e);
        }
      }
      crash(volume);
    }
  }

  private static InodeId create(StoredVolume volume, String name) {
    return volume
        .fileSystem(Durability.LOCAL)
        .createFile(
            Caller.ROOT,
            InodeId.ROOT,
            FileName.of(name),
            CreateMode.GUARDED,
            AttributeChanges.mode(0644))
        .attributes()
        .inode();
  }

  private void step(StoredVolume volume, Model file) {
    int choice = random.nextInt(124);
    if (choice < 40) {
      write(volume, file);
    } else if (choice < 70) {
      read(volume, file);
    } else if (choice < 78) {
      opened(volume, file).commit();
      file.committed();
    } else if (choice < 84) {
      truncate(volume, file);
    } else if (choice < 88) {
      volume.clock().advance(Duration.ofSeconds(random.nextInt(4)));
      volume.layer().runOnce();
    } else if (choice < 91) {
      volume.plane().sweepDeadSegments();
    } else if (choice < 94 && !file.open.isEmpty()) {
      file.open.remove(random.nextInt(file.open.size())).close();
    } else if (choice < 96) {
      pin(volume, file);
    } else if (choice < 98 && !file.pinned.isEmpty()) {
      unpin(file);
    } else if (choice == 98) {
      volume.reopen();
      forgetHandles(Model::committed);
    } else if (choice == 99) {
      crash(volume);
    } else if (choice >= 118) {
      share(volume, file, files.get(random.nextInt(FILES)));
    } else if (choice >= 112) {
      punch(volume, file);
    } else if (choice >= 108) {
      allocate(volume, file);
    } else if (choice >= 100) {
      seek(volume, file);
    }
    checkAttributes(volume, file);
  }

  private OpenFile opened(StoredVolume volume, Model file) {
    if (file.open.isEmpty() || (file.open.size() < 3 && random.nextInt(5) == 0)) {
      Durability level = random.nextInt(6) == 0 ? Durability.BUCKET : Durability.LOCAL;
      FileSystem view = volume.fileSystem(level);
      file.open.add(view.open(Caller.ROOT, file.inode, OpenAccess.READ_WRITE, OpenCheck.ENFORCE));
    }
    return file.open.get(random.nextInt(file.open.size()));
  }

  /** Mostly small and near others, sometimes far away or long. */
  private int anyOffset(Model file) {
    return switch (random.nextInt(4)) {
      case 0 -> file.content.length;
      case 1 -> random.nextInt(MAX_SIZE);
      default -> random.nextInt(file.content.length + 1);
    };
  }

  private int anyLength() {
    return 1 + (random.nextInt(8) == 0 ? random.nextInt(100_000) : random.nextInt(3_000));
  }

  private void write(StoredVolume volume, Model file) {
    int offset = anyOffset(file);
    byte[] bytes = Seeds.bytes(random, anyLength());
    for (int i = 0; i < bytes.length; i++) {
      // Zeroes are holes here: nobody writes them.
      bytes[i] = bytes[i] == 0 ? 1 : bytes[i];
    }
    byte[] next = Arrays.copyOf(file.content, Math.max(file.content.length, offset + bytes.length));
    System.arraycopy(bytes, 0, next, offset, bytes.length);
    boolean durable = random.nextInt(10) == 0;
    opened(volume, file)
        .write(offset, ByteBuffer.wrap(bytes), durable ? Stability.DURABLE : Stability.UNSTABLE);
    file.becomes(next);
    if (durable) {
      file.committed();
    }
  }

  private void truncate(StoredVolume volume, Model file) {
    int size = random.nextInt(3) == 0 ? random.nextInt(MAX_SIZE) : anyOffset(file);
    volume
        .fileSystem(Durability.LOCAL)
        .setAttributes(Caller.ROOT, file.inode, AttributeChanges.size(size));
    file.becomes(Arrays.copyOf(file.content, size));
    file.committed();
  }

  private void punch(StoredVolume volume, Model file) {
    int offset = anyOffset(file);
    int length = anyLength();
    opened(volume, file).punch(new ByteRange(offset, length));
    byte[] next = file.content.clone();
    Arrays.fill(
        next, Math.min(offset, next.length), Math.min(offset + length, next.length), (byte) 0);
    file.becomes(next);
    file.committed();
  }

  private void allocate(StoredVolume volume, Model file) {
    int end = anyOffset(file) + 1;
    opened(volume, file).allocate(new ByteRange(end - 1, 1));
    file.becomes(Arrays.copyOf(file.content, Math.max(end, file.content.length)));
    file.committed();
  }

  /** Shares a range with another file or another place of the file; the source is committed too. */
  private void share(StoredVolume volume, Model file, Model source) {
    int from = anyOffset(source);
    int length = random.nextBoolean() ? anyLength() : source.content.length;
    int offset = anyOffset(file);
    int most = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(4);
    if (source == file && offset < from + length && from < offset + length) {
      return;
    }
    int there = Math.max(0, Math.min(length, source.content.length - from));
    long done =
        opened(volume, file)
            .copyFrom(opened(volume, source), new ByteRange(from, length), offset, most);
    assertThat(done).isBetween(Math.min(1L, there), (long) there);
    if (most == Integer.MAX_VALUE) {
      assertThat(done).isEqualTo(there);
    }
    int end = offset + (int) done;
    byte[] next = Arrays.copyOf(file.content, Math.max(file.content.length, done == 0 ? 0 : end));
    System.arraycopy(
        source.content,
        Math.min(from, source.content.length),
        next,
        Math.min(offset, next.length),
        (int) done);
    file.becomes(next);
    source.committed();
    file.committed();
  }

  private void seek(StoredVolume volume, Model file) {
    int offset = anyOffset(file);
    int data = offset;
    while (data < file.content.length && file.content[data] == 0) {
      data++;
    }
    int hole = offset;
    while (hole < file.content.length && file.content[hole] != 0) {
      hole++;
    }
    boolean inside = offset < file.content.length;
    OpenFile open = opened(volume, file);
    assertThat(open.seekData(offset))
        .isEqualTo(data < file.content.length ? OptionalLong.of(data) : OptionalLong.empty());
    assertThat(open.seekHole(offset))
        .isEqualTo(inside ? OptionalLong.of(hole) : OptionalLong.empty());
  }

  private void read(StoredVolume volume, Model file) {
    int offset = anyOffset(file);
    int length = anyLength();
    try (ReadResult result = opened(volume, file).read(offset, length)) {
      byte[] expected =
          offset >= file.content.length
              ? new byte[0]
              : Arrays.copyOfRange(
                  file.content, offset, Math.min(file.content.length, offset + length));
      assertThat(result.payload().toBytes()).isEqualTo(expected);
      assertThat(result.endOfFile()).isEqualTo(offset + length >= file.content.length);
    }
  }

  private void pin(StoredVolume volume, Model file) {
    PinnedContent pin = volume.layer().contents().pin(file.inode);
    assertThat(pin.attributes().size()).isEqualTo(file.content.length);
    file.pinned.add(new Pinned(pin, file.content));
  }

  private void unpin(Model file) {
    Pinned pinned = file.pinned.remove(random.nextInt(file.pinned.size()));
    try (PinnedContent pin = pinned.pin()) {
      int offset = random.nextInt(pinned.content().length + 1);
      try (Payload payload = pin.read(offset, MAX_SIZE, Intent.RANDOM)) {
        assertThat(payload.toBytes())
            .isEqualTo(
                Arrays.copyOfRange(
                    pinned.content(),
                    offset,
                    Math.min(pinned.content().length, offset + MAX_SIZE)));
      }
    }
  }

  private void checkAttributes(StoredVolume volume, Model file) {
    var attributes = volume.fileSystem(Durability.LOCAL).attributes(file.inode);
    assertThat(attributes.size()).isEqualTo(file.content.length);
    assertThat(attributes.change()).isGreaterThanOrEqualTo(file.change);
    file.change = attributes.change();
  }

  /** Half of the crashes are power cuts: what was not forced to the disk is lost, or torn. */
  private void crash(StoredVolume volume) {
    if (random.nextBoolean()) {
      disk.cutPower();
    }
    volume.crash(this::restartDisk);
    forgetHandles(file -> {
      byte[] found = all(volume, file.inode);
      assertThat(file.sinceCommit.stream().anyMatch(state -> Arrays.equals(state, found)))
          .as(
              "%s with %d bytes is none of the %d states it may be in",
              file.inode, found.length, file.sinceCommit.size())
          .isTrue();
      file.content = found;
      file.committed();
      file.change = 0;
    });
  }

  private void restartDisk() {
    if (disk.isOff()) {
      try {
        disk.restart(random);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private interface Visit {
    void visit(Model file);
  }

  /** The process has ended: its open files and pins mean nothing any more. */
  private void forgetHandles(Visit visit) {
    for (Model file : files) {
      file.open.clear();
      file.pinned.clear();
      visit.visit(file);
    }
  }

  private static byte[] all(StoredVolume volume, InodeId inode) {
    FileSystem fs = volume.fileSystem(Durability.LOCAL);
    try (OpenFile open = fs.open(Caller.ROOT, inode, OpenAccess.READ, OpenCheck.ENFORCE);
        ReadResult result = open.read(0, FileSystem.MAX_TRANSFER)) {
      return result.payload().toBytes();
    }
  }
}
