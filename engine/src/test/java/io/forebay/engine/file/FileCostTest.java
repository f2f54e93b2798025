package io.forebay.engine.file;

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
import io.forebay.engine.ReadResult;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SQL statements of each operation: BEGIN, SAVEPOINT, RELEASE and COMMIT are four of them. */
@Timeout(60)
class FileCostTest {
  @TempDir Path directory;
  private StoredVolume volume;
  private FileSystem fs;

  @BeforeEach
  void open() {
    volume = new StoredVolume(directory);
    fs = volume.fileSystem(Durability.LOCAL);
    // Ids are leased with the first of everything.
    write(make("warm"), 0, 1);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  /** With nothing left to upload: that costs statements of its own. */
  private void restart() {
    volume.layer().commitAll();
    assertThat(volume.plane().drain(Duration.ofSeconds(30))).isTrue();
    volume.crash();
    fs = volume.fileSystem(Durability.LOCAL);
  }

  private long cost(Runnable operation) {
    long before = volume.metadata().statementCount();
    operation.run();
    return volume.metadata().statementCount() - before;
  }

  private InodeId make(String name) {
    return fs.createFile(
            Caller.ROOT,
            InodeId.ROOT,
            FileName.of(name),
            CreateMode.GUARDED,
            AttributeChanges.mode(0644))
        .attributes()
        .inode();
  }

  private OpenFile openFile(InodeId file) {
    return fs.open(Caller.ROOT, file, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
  }

  private void write(InodeId file, long offset, int length) {
    try (OpenFile open = openFile(file)) {
      open.write(offset, ByteBuffer.wrap(Seeds.bytesOf(1, length)), Stability.DURABLE);
    }
  }

  @Test
  void whatIsKnownCostsNothing() {
    InodeId file = make("f");
    assertThat(cost(() -> fs.attributes(file))).isZero();
    assertThat(cost(() -> fs.lookup(Caller.ROOT, InodeId.ROOT, FileName.of("f")))).isZero();
    assertThat(cost(() -> fs.permissions(Caller.ROOT, file))).isZero();
    assertThat(cost(() -> fs.lookupParent(Caller.ROOT, InodeId.ROOT))).isZero();
    assertThat(cost(() -> openFile(file).close())).isZero();
    assertThat(
            cost(() ->
                fs.createFile(
                    Caller.ROOT,
                    InodeId.ROOT,
                    FileName.of("f"),
                    CreateMode.UNCHECKED,
                    AttributeChanges.mode(0644))))
        .isZero();
    assertThat(cost(() -> fs.statistics())).isZero();
  }

  @Test
  void aCreateIsOneTransaction() {
    // Four of the transaction; is the name free, the entry, two inodes, the usage, the totals of
    // all directories above.
    assertThat(cost(() -> make("f"))).isEqualTo(10);
  }

  @Test
  void aRenameCostsTheSameWhateverIsBelow() {
    InodeId a = makeDirectory("a");
    long empty = cost(() -> rename("a", "b"));
    for (int i = 0; i < 50; i++) {
      fs.createFile(
          Caller.ROOT, a, FileName.of("f" + i), CreateMode.GUARDED, AttributeChanges.mode(0644));
    }
    assertThat(cost(() -> rename("b", "c"))).isEqualTo(empty).isLessThanOrEqualTo(10);
  }

  private InodeId makeDirectory(String name) {
    return fs.createDirectory(
            Caller.ROOT, InodeId.ROOT, FileName.of(name), AttributeChanges.mode(0755))
        .attributes()
        .inode();
  }

  private void rename(String from, String to) {
    fs.rename(Caller.ROOT, InodeId.ROOT, FileName.of(from), InodeId.ROOT, FileName.of(to));
  }

  @Test
  void anAttributeIsSetInOneTransaction() {
    InodeId file = make("f");
    assertThat(cost(() -> fs.setAttributes(Caller.ROOT, file, AttributeChanges.mode(0600))))
        .isEqualTo(5);
  }

  @Test
  void aWriteCostsNothingAndACommitOneTransaction() {
    InodeId file = make("f");
    try (OpenFile open = openFile(file)) {
      ByteBuffer data = ByteBuffer.wrap(Seeds.bytesOf(1, 1000));
      assertThat(cost(() -> open.write(0, data.duplicate(), Stability.UNSTABLE))).isZero();
      // Besides the four: two looks for what lies below, the extent, the run, the inode, the
      // segment's live bytes, the usage, the totals of all directories above.
      assertThat(cost(open::commit)).isLessThanOrEqualTo(12);
      assertThat(cost(open::commit)).as("with nothing to commit").isZero();
      for (int i = 0; i < 16; i++) {
        open.write(1000 + i * 1000L, data.duplicate(), Stability.UNSTABLE);
      }
      assertThat(cost(open::commit))
          .as("what lies in a row is one extent of sixteen runs")
          .isLessThanOrEqualTo(12 + 15);
    }
  }

  @Test
  void theReadOfAFileThatIsOpenCostsNothing() {
    InodeId file = make("f");
    write(file, 0, 100_000);
    restart();
    try (OpenFile open = openFile(file)) {
      readAll(open);
      assertThat(cost(() -> readAll(open))).isZero();
      open.write(50_000, ByteBuffer.wrap(new byte[100]), Stability.UNSTABLE);
      assertThat(cost(() -> readAll(open))).as("with uncommitted writes").isZero();
      open.commit();
      assertThat(cost(() -> readAll(open))).as("after a commit").isZero();
    }
  }

  @Test
  void aFileThatIsOpenedAgainCostsNothing() {
    InodeId file = make("f");
    write(file, 0, 100_000);
    restart();
    try (OpenFile open = openFile(file)) {
      readAll(open);
    }
    assertThat(
            cost(() -> {
              try (OpenFile open = openFile(file)) {
                readAll(open);
              }
            }))
        .isZero();
    assertThat(
            cost(() -> {
              try (PinnedContent pin = volume.layer().contents().pin(file)) {
                pin.read(0, 1000, Intent.RANDOM).close();
              }
            }))
        .isZero();
  }

  @Test
  void aNewFileIsReadWithoutAskingForItsExtents() {
    InodeId file = make("f");
    try (OpenFile open = openFile(file)) {
      open.write(0, ByteBuffer.wrap(new byte[5000]), Stability.DURABLE);
      assertThat(cost(() -> readAll(open))).isZero();
    }
  }

  private static void readAll(OpenFile open) {
    try (ReadResult result = open.read(0, 1 << 20)) {
      assertThat(result.payload().length()).isPositive();
    }
  }

  @Test
  void aPageOfADirectoryIsOneQuery() {
    for (int i = 0; i < 20; i++) {
      make("f" + i);
    }
    assertThat(cost(() -> fs.readDirectory(Caller.ROOT, InodeId.ROOT, 0, 1000))).isEqualTo(3);
  }

  @Test
  void aRemovalIsOneTransaction() {
    InodeId file = make("f");
    write(file, 0, 1000);
    long before =
        cost(() -> fs.remove(Caller.ROOT, InodeId.ROOT, FileName.of("f"), RemoveKind.FILE));
    // Four; the entry twice, two inodes, the work, the totals of all directories above.
    assertThat(before).isEqualTo(10);
  }
}
