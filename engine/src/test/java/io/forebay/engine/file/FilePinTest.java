package io.forebay.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import io.forebay.engine.Payload;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.Inode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Content that others than the openers of a file use. */
@Timeout(60)
class FilePinTest {
  @TempDir Path directory;
  private StoredVolume volume;
  private FileSystem fs;
  private InodeId file;
  private OpenFile open;

  @BeforeEach
  void make() {
    volume = new StoredVolume(directory);
    fs = volume.fileSystem(Durability.LOCAL);
    file =
        fs.createFile(
                Caller.ROOT,
                InodeId.ROOT,
                FileName.of("f"),
                CreateMode.GUARDED,
                AttributeChanges.mode(0644))
            .attributes()
            .inode();
    open = fs.open(Caller.ROOT, file, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private void write(long offset, String text) {
    open.write(offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Stability.UNSTABLE);
  }

  private PinnedContent pin() {
    return volume.layer().contents().pin(file);
  }

  private static String text(PinnedContent pin) {
    try (Payload payload = pin.read(0, 1000, Intent.SEQUENTIAL)) {
      return new String(payload.toBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void itIsTheContentOfItsMomentWhateverIsWrittenAfterwards() {
    write(0, "committed");
    open.commit();
    write(0, "C");
    try (PinnedContent pin = pin()) {
      assertThat(text(pin)).isEqualTo("Committed");
      write(1, "YYY");
      assertThat(text(pin)).isEqualTo("Committed");
      open.commit();
      assertThat(text(pin)).isEqualTo("Committed");
      fs.setAttributes(Caller.ROOT, file, AttributeChanges.size(2));
      write(2, "YYYYYYYYYYYYYYYY");
      open.commit();
      volume.plane().drain(Duration.ofSeconds(30));
      volume.plane().sweepDeadSegments();
      assertThat(text(pin)).isEqualTo("Committed");
      assertThat(pin.attributes().size()).isEqualTo(9);
      try (Payload tail = pin.read(7, 100, Intent.RANDOM);
          Payload beyond = pin.read(9, 1, Intent.RANDOM)) {
        assertThat(tail.toBytes()).isEqualTo("ed".getBytes(StandardCharsets.UTF_8));
        assertThat(beyond.length()).isZero();
      }
      pin.prefetch(0, 1000);
    }
    try (PinnedContent later = pin()) {
      assertThat(text(later)).isEqualTo("CYYYYYYYYYYYYYYYYY");
    }
  }

  @Test
  void itOutlivesTheFilesNameAndItsOpeners() {
    write(0, "text");
    PinnedContent pin = pin();
    open.close();
    fs.remove(Caller.ROOT, InodeId.ROOT, FileName.of("f"), RemoveKind.FILE);
    FileRaceTest.deleteAll(volume);
    volume.plane().sweepDeadSegments();
    assertThat(text(pin)).isEqualTo("text");
    pin.close();
    pin.close();
    assertThat(catchThrowableOfType(EngineException.class, this::pin).code())
        .isEqualTo(ErrorCode.STALE);
    FileRaceTest.deleteAll(volume);
    assertThat(volume.metadata().usage().inodes()).isEqualTo(1);
  }

  @Test
  void whatIsNoFileIsNotPinned() {
    file = InodeId.ROOT;
    assertThat(catchThrowableOfType(EngineException.class, this::pin).code())
        .isEqualTo(ErrorCode.IS_DIRECTORY);
  }

  @Test
  void nothingStaysPinnedWhenAllIsClosed() {
    write(0, "one");
    open.commit();
    List<Extent> extents = extents();
    try (PinnedContent pin = pin()) {
      write(0, "two");
      open.commit();
      assertThat(text(pin)).isEqualTo("one");
      assertThat(volume.plane().pins().isPinned(extents.getFirst().slice().segment())).isTrue();
    }
    open.close();
    for (Extent each : extents) {
      assertThat(volume.plane().pins().isPinned(each.slice().segment())).isFalse();
    }
  }

  private List<Extent> extents() {
    return volume
        .metadata()
        .read(snapshot -> snapshot.extents().overlapping(file, 0, Long.MAX_VALUE, 100));
  }

  @Test
  void aCommitLeavesNothingForACopyToMiss() {
    write(0, "text");
    assertThat(extents()).isEmpty();
    volume.layer().contents().commit(file);
    assertThat(extents()).hasSize(1);
    volume.layer().contents().commit(new InodeId(12345));
  }

  @Test
  void attributesCountWhatIsUncommitted() {
    Inode committed = volume.metadata().inode(file).orElseThrow();
    write(0, "text");
    assertThat(volume.layer().contents().attributes(committed).size()).isEqualTo(4);
    assertThat(volume.layer().contents().attributes(committed)).isEqualTo(fs.attributes(file));
  }
}
