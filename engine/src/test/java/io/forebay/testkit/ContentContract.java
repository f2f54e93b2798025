package io.forebay.testkit;

import static io.forebay.engine.InodeId.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Durability;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.ReadResult;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Bytes of files, whoever implements {@link FileSystem}. */
public abstract class ContentContract extends FileSystemSuite {

  @Test
  void whatIsWrittenIsReadAtOnceByEveryOpenFile() {
    InodeId file = makeFile(ROOT, "f");
    try (OpenFile one = openFile(file);
        OpenFile other = openFile(file)) {
      FileAttributes after = write(one, 0, "hello");
      assertThat(after.size()).isEqualTo(5);
      assertThat(readText(other)).isEqualTo("hello");
      assertThat(fs().attributes(file)).isEqualTo(after);
      assertThat(lookup(ROOT, "f")).isEqualTo(after);
      assertThat(fs().readDirectory(SU, ROOT, 0, 10).entries().getFirst().attributes())
          .isEqualTo(after);
      write(other, 5, " world");
      write(one, 0, "J");
      assertThat(readText(one)).isEqualTo("Jello world");
    }
  }

  @Test
  void aWriteMovesTheTimesAndTheSpace() {
    InodeId file = makeFile(ROOT, "f");
    FileAttributes before = fs().attributes(file);
    world().clock().advance(Duration.ofSeconds(3));
    try (OpenFile open = openFile(file)) {
      FileAttributes after = write(open, 100, new byte[50]);
      assertThat(after.size()).isEqualTo(150);
      assertThat(after.spaceUsed()).isEqualTo(50);
      assertThat(after.change()).isGreaterThan(before.change());
      assertThat(after.dataVersion()).isGreaterThan(before.dataVersion());
      assertThat(after.modifyNanos()).isEqualTo(world().clock().epochNanos());
      assertThat(after.changeNanos()).isEqualTo(world().clock().epochNanos());
      assertThat(after.accessNanos()).isEqualTo(before.accessNanos());
      open.commit();
      assertThat(fs().attributes(file)).isEqualTo(after);
    }
  }

  @Test
  void holesReadAsZeroesAndTheEndIsSaid() {
    InodeId file = makeFile(ROOT, "f");
    try (OpenFile open = openFile(file)) {
      write(open, 10, "x");
      for (int round = 0; round < 2; round++) {
        assertThat(read(open, 0, 100))
            .isEqualTo("\0\0\0\0\0\0\0\0\0\0x".getBytes(StandardCharsets.UTF_8));
        try (ReadResult all = open.read(0, 11);
            ReadResult some = open.read(0, 10);
            ReadResult beyond = open.read(11, 5);
            ReadResult farBeyond = open.read(Long.MAX_VALUE, 5);
            ReadResult nothing = open.read(3, 0)) {
          assertThat(all.endOfFile()).isTrue();
          assertThat(some.endOfFile()).isFalse();
          assertThat(beyond.endOfFile()).isTrue();
          assertThat(beyond.payload().length()).isZero();
          assertThat(farBeyond.endOfFile()).isTrue();
          assertThat(nothing.payload().length()).isZero();
          assertThat(nothing.endOfFile()).isFalse();
        }
        open.commit();
      }
    }
  }

  @Test
  void anEmptyWriteDoesNothing() {
    InodeId file = makeFile(ROOT, "f");
    FileAttributes before = fs().attributes(file);
    try (OpenFile open = openFile(file)) {
      assertThat(write(open, 1000, new byte[0])).isEqualTo(before);
    }
  }

  @Test
  void aWriteTakesAllOfTheBuffer() {
    InodeId file = makeFile(ROOT, "f");
    try (OpenFile open = openFile(file)) {
      ByteBuffer data =
          ByteBuffer.wrap("__data__".getBytes(StandardCharsets.UTF_8)).position(2).limit(6);
      open.write(0, data, Stability.UNSTABLE);
      assertThat(data.remaining()).isZero();
      assertThat(data.limit()).isEqualTo(6);
      data.clear().put(new byte[8]);
      assertThat(readText(open)).isEqualTo("data");
    }
  }

  @Test
  void rangesAreChecked() {
    InodeId file = makeFile(ROOT, "f");
    try (OpenFile open = openFile(file)) {
      assertRefused(ErrorCode.INVALID_ARGUMENT, () -> open.read(-1, 1));
      assertRefused(ErrorCode.INVALID_ARGUMENT, () -> open.read(0, -1));
      assertRefused(ErrorCode.INVALID_ARGUMENT, () -> open.read(0, FileSystem.MAX_TRANSFER + 1));
      assertRefused(ErrorCode.INVALID_ARGUMENT, () -> write(open, -1, "x"));
      assertRefused(
          ErrorCode.INVALID_ARGUMENT, () -> write(open, 0, new byte[FileSystem.MAX_TRANSFER + 1]));
      assertRefused(ErrorCode.FILE_TOO_LARGE, () -> write(open, FileSystem.MAX_FILE_SIZE, "x"));
      assertRefused(ErrorCode.FILE_TOO_LARGE, () -> write(open, Long.MAX_VALUE, "x"));
      assertThat(write(open, FileSystem.MAX_FILE_SIZE - 1, "x").size())
          .isEqualTo(FileSystem.MAX_FILE_SIZE);
      assertThat(read(open, FileSystem.MAX_FILE_SIZE - 1, 10)).isEqualTo(new byte[] {'x'});
    }
  }

  @Test
  void theLargestTransferGoesBothWays() {
    InodeId file = makeFile(ROOT, "f");
    byte[] bytes = Seeds.bytesOf(1, FileSystem.MAX_TRANSFER);
    try (OpenFile open = openFile(file)) {
      write(open, 3, bytes);
      assertThat(read(open, 3, FileSystem.MAX_TRANSFER)).isEqualTo(bytes);
      open.commit();
      assertThat(read(open, 3, FileSystem.MAX_TRANSFER)).isEqualTo(bytes);
    }
  }

  // --- durability

  @Test
  void whatWasCommittedIsThereAfterACrashAndTheRestIsGoneWhole() {
    InodeId file = makeFile(ROOT, "f");
    OpenFile open = openFile(file);
    write(open, 0, "committed");
    open.commit();
    FileAttributes committed = fs().attributes(file);
    write(open, 0, "lost");
    write(open, 20, "lost too");
    world().crash();
    assertThat(readFile(file)).isEqualTo("committed");
    assertThat(fs().attributes(file)).isEqualTo(committed);
  }

  @Test
  void aDurableWriteSurvivesACrash() {
    InodeId file = makeFile(ROOT, "f");
    OpenFile open = openFile(file);
    FileAttributes written = open.write(2, ByteBuffer.wrap(new byte[] {7}), Stability.DURABLE);
    assertThat(written.size()).isEqualTo(3);
    world().crash();
    assertThat(readFile(file)).isEqualTo("\0\0\7");
  }

  @Test
  void aCommitCoversTheWritesOfOtherOpenFiles() {
    InodeId file = makeFile(ROOT, "f");
    OpenFile one = openFile(file);
    OpenFile other = openFile(file);
    write(one, 0, "one");
    write(other, 3, "two");
    other.commit();
    world().crash();
    assertThat(readFile(file)).isEqualTo("onetwo");
  }

  @Test
  void writesOutliveTheirOpenFile() {
    InodeId file = makeFile(ROOT, "f");
    try (OpenFile open = openFile(file)) {
      write(open, 0, "text");
    }
    assertThat(fs().attributes(file).size()).isEqualTo(4);
    assertThat(readFile(file)).isEqualTo("text");
    world().reopen();
    assertThat(readFile(file)).isEqualTo("text");
  }

  @Test
  void aCommitForTheBucketIsThereAfterACrashToo() {
    FileSystem durable = world().fileSystem(Durability.BUCKET);
    InodeId file = makeFile(ROOT, "f");
    OpenFile open = durable.open(SU, file, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
    write(open, 0, "in the bucket");
    open.commit();
    assertThat(readText(open)).isEqualTo("in the bucket");
    world().crash();
    assertThat(readFile(file)).isEqualTo("in the bucket");
  }

  @Test
  void truncationIsDurableWithTheBytesBelowIt() {
    InodeId file = makeFile(ROOT, "f");
    OpenFile open = openFile(file);
    write(open, 0, "0123456789");
    fs().setAttributesOfOpenFile(SU, open, AttributeChanges.size(5));
    write(open, 7, "lost");
    world().crash();
    assertThat(readFile(file)).isEqualTo("01234");
  }

  @Test
  void extensionIsDurableWithTheBytesBelowIt() {
    InodeId file = makeFile(ROOT, "f");
    OpenFile open = openFile(file);
    write(open, 0, "01");
    fs().setAttributesOfOpenFile(SU, open, AttributeChanges.size(4));
    world().crash();
    assertThat(readFile(file)).isEqualTo("01\0\0");
  }

  @Test
  void manySmallFilesAreReadAfterARestart() {
    for (int i = 0; i < 50; i++) {
      writeFile(makeFile(ROOT, "f" + i), "content of " + i);
    }
    world().reopen();
    for (int i = 0; i < 50; i++) {
      assertThat(readFile(lookup(ROOT, "f" + i).inode())).isEqualTo("content of " + i);
    }
  }

  @Test
  void aLargeFileIsReadAfterARestart() {
    InodeId file = makeFile(ROOT, "f");
    byte[] bytes = Seeds.bytesOf(3, 5 << 20);
    try (OpenFile open = openFile(file)) {
      for (int offset = 0; offset < bytes.length; offset += 1 << 20) {
        write(open, offset, Arrays.copyOfRange(bytes, offset, offset + (1 << 20)));
      }
      open.commit();
    }
    world().reopen();
    try (OpenFile open = openFile(file)) {
      for (int offset = 0; offset < bytes.length; offset += 1 << 20) {
        assertThat(read(open, offset, 1 << 20))
            .isEqualTo(Arrays.copyOfRange(bytes, offset, offset + (1 << 20)));
      }
    }
  }

  // --- unlinked and open

  @Test
  void anUnlinkedFileIsReadWrittenAndCommittedUntilItIsClosed() {
    InodeId file = makeFile(ROOT, "f");
    writeFile(file, "old");
    try (OpenFile open = openFile(file)) {
      assertThat(fs().remove(SU, ROOT, name("f"), RemoveKind.FILE).lastLink()).isTrue();
      assertThat(fs().attributes(file).linkCount()).isZero();
      write(open, 3, "new");
      open.commit();
      assertThat(readText(open)).isEqualTo("oldnew");
      try (OpenFile again = openFile(file)) {
        assertThat(readText(again)).isEqualTo("oldnew");
      }
      assertThat(fs().attributes(file).size()).isEqualTo(6);
    }
    assertRefused(ErrorCode.STALE, () -> fs().attributes(file));
    assertRefused(ErrorCode.STALE, () -> openFile(file));
  }

  @Test
  void aFileReplacedByARenameKeepsItsBytesForWhoHasItOpen() {
    InodeId old = makeFile(ROOT, "b");
    writeFile(old, "old");
    writeFile(makeFile(ROOT, "a"), "new");
    try (OpenFile open = openFile(old)) {
      fs().rename(SU, ROOT, name("a"), ROOT, name("b"));
      assertThat(readText(open)).isEqualTo("old");
      assertThat(readFile(lookup(ROOT, "b").inode())).isEqualTo("new");
    }
    assertRefused(ErrorCode.STALE, () -> fs().attributes(old));
  }

  @Test
  void anUnlinkedFileCanBeClaimedAfterACrash() {
    InodeId claimed = makeFile(ROOT, "claimed");
    InodeId unclaimed = makeFile(ROOT, "unclaimed");
    writeFile(claimed, "bytes");
    OpenFile first = openFile(claimed);
    OpenFile second = openFile(unclaimed);
    fs().remove(SU, ROOT, name("claimed"), RemoveKind.FILE);
    fs().remove(SU, ROOT, name("unclaimed"), RemoveKind.FILE);
    assertThat(first.inode()).isNotEqualTo(second.inode());
    world().crash();
    try (OpenFile again =
        fs().open(SU, claimed, OpenAccess.READ_WRITE, OpenCheck.ALREADY_GRANTED)) {
      fs().releaseUnclaimedFiles();
      assertThat(readText(again)).isEqualTo("bytes");
      assertRefused(ErrorCode.STALE, () -> openFile(unclaimed));
      assertRefused(ErrorCode.STALE, () -> fs().attributes(unclaimed));
    }
    assertRefused(ErrorCode.STALE, () -> openFile(claimed));
  }

  @Test
  void anOpenFileIsClosedOnce() {
    InodeId file = makeFile(ROOT, "f");
    OpenFile one = openFile(file);
    try (OpenFile other = openFile(file)) {
      one.close();
      one.close();
      fs().remove(SU, ROOT, name("f"), RemoveKind.FILE);
      write(other, 0, "still held");
      assertThat(readText(other)).isEqualTo("still held");
      assertRefused(ErrorCode.STALE, () -> readText(one));
    }
  }
}
