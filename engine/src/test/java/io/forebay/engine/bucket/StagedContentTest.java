package io.forebay.engine.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.segment.AppendStream;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentSlice;
import io.forebay.engine.segment.SegmentWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Gathering, the order of a durable write, and pins, over a staging area in memory. */
class StagedContentTest {
  private static final InodeId INODE = new InodeId(77);
  private static final SegmentId SEGMENT = new SegmentId(5);

  /** One endless segment that notes what is done to it. */
  private static final class Recorder implements SegmentWriter {
    final SegmentPins pins = new SegmentPins();
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final List<Integer> appends = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    boolean full;

    @Override
    public AppendStream open(long expectedBytes) {
      return new AppendStream() {
        @Override
        public List<SegmentRun> append(InodeId inode, long fileOffset, ByteBuffer data) {
          if (full) {
            throw new EngineException(ErrorCode.THROTTLED, "full");
          }
          int offset = bytes.size();
          assertThat(inode).isEqualTo(INODE);
          assertThat(fileOffset).isEqualTo(offset);
          byte[] copy = new byte[data.remaining()];
          data.get(copy);
          bytes.writeBytes(copy);
          appends.add(copy.length);
          pins.pin(SEGMENT);
          SegmentSlice slice = new SegmentSlice(SEGMENT, offset, copy.length);
          return List.of(new SegmentRun(slice, inode, fileOffset, 0));
        }

        @Override
        public void close() {
          calls.add("close");
        }
      };
    }

    @Override
    public void sync(Collection<SegmentId> segments) {
      calls.add("sync " + segments);
    }

    @Override
    public void store(Collection<SegmentId> segments) {
      calls.add("store " + segments);
    }

    @Override
    public long stagedBytes() {
      return bytes.size();
    }
  }

  private final Recorder staging = new Recorder();

  private StagedContent content(long expected) {
    return new StagedContent(staging, staging.pins, INODE, expected);
  }

  private static byte[] write(StagedContent content, int total, int piece) {
    byte[] bytes = new byte[total];
    new Random(total).nextBytes(bytes);
    for (int at = 0; at < total; at += piece) {
      content.write(ByteBuffer.wrap(bytes, at, Math.min(piece, total - at)));
    }
    return bytes;
  }

  @Test
  void smallPiecesAreGatheredWhateverLengthWasExpected() {
    for (long expected : new long[] {-1, 0, 100, 8 << 20}) {
      staging.bytes.reset();
      staging.appends.clear();
      StagedContent content = content(expected);
      byte[] written = write(content, 8 << 20, 1000);
      content.settle(Durability.LOCAL);
      assertThat(staging.bytes.toByteArray()).isEqualTo(written);
      assertThat(staging.appends).hasSize(32).allMatch(length -> length == 256 << 10);
      content.close();
    }
  }

  @Test
  void largePiecesAreAppendedAsTheyCome() {
    StagedContent content = content(-1);
    byte[] written = write(content, 10 << 20, 10 << 20);
    assertThat(staging.appends).containsExactly(4 << 20, 4 << 20, 2 << 20);
    assertThat(staging.bytes.toByteArray()).isEqualTo(written);
  }

  @Test
  void settlingAppendsSyncsAndStoresInThatOrder() {
    StagedContent content = content(10);
    write(content, 10, 3);
    assertThat(staging.calls).isEmpty();
    content.settle(Durability.BUCKET);
    assertThat(staging.appends).containsExactly(10);
    assertThat(staging.calls).containsExactly("sync [" + SEGMENT + "]", "store [" + SEGMENT + "]");
  }

  @Test
  void theLocalLevelWaitsForNoUpload() {
    StagedContent content = content(10);
    write(content, 10, 3);
    content.settle(Durability.LOCAL);
    assertThat(staging.calls).containsExactly("sync [" + SEGMENT + "]");
  }

  @Test
  void pinsGoWithThePublicationOrTheClose() {
    StagedContent published = content(-1);
    write(published, 1000, 1000);
    published.settle(Durability.LOCAL);
    assertThat(staging.pins.isPinned(SEGMENT)).isTrue();
    boolean pinnedInside = published.publish(() -> staging.pins.isPinned(SEGMENT));
    assertThat(pinnedInside).isTrue();
    assertThat(staging.pins.isPinned(SEGMENT)).isFalse();
    published.close();
    staging.bytes.reset();
    StagedContent dropped = content(-1);
    write(dropped, 1000, 1000);
    dropped.settle(Durability.LOCAL);
    dropped.close();
    dropped.close();
    assertThat(staging.pins.isPinned(SEGMENT)).isFalse();
  }

  /** Its transaction may commit after all: then the bytes must not have been dropped. */
  @Test
  void aPublicationInDoubtKeepsItsPins() {
    StagedContent content = content(-1);
    write(content, 1000, 1000);
    content.settle(Durability.LOCAL);
    assertThatThrownBy(() ->
            content.publish(() -> {
              throw new EngineException(ErrorCode.SHUTTING_DOWN, "interrupted");
            }))
        .isInstanceOf(EngineException.class);
    content.close();
    assertThat(staging.pins.isPinned(SEGMENT)).isTrue();
  }

  @Test
  void contentThatLostAWriteIsNeverPublished() {
    StagedContent content = content(-1);
    write(content, 300 << 10, 300 << 10);
    staging.full = true;
    assertThatThrownBy(() -> write(content, 300 << 10, 300 << 10))
        .isInstanceOf(EngineException.class);
    staging.full = false;
    assertThatThrownBy(() -> StagedContent.of(content)).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> write(content, 1, 1)).isInstanceOf(EngineException.class);
    content.close();
    assertThat(staging.pins.isPinned(SEGMENT)).isFalse();
  }
}
