package io.forebay.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.InodeId;
import io.forebay.testkit.FaultySegmentFiles;
import io.forebay.testkit.FaultySegmentFiles.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a sync promises while the segment is sealed under it. */
@Timeout(30)
class StagedSegmentTest {
  private static final int BYTES = 100;

  @TempDir Path directory;

  private final FaultySegmentFiles files = new FaultySegmentFiles();
  private final SegmentPins pins = new SegmentPins();
  private StagedSegment segment;
  private DirectoryForce names;

  @BeforeEach
  void create() throws IOException {
    segment = new StagedSegment(new SegmentId(1), directory.resolve("1"), files);
    names = new DirectoryForce(directory, files);
    segment.create();
  }

  private void append() {
    SegmentSlice slice = Objects.requireNonNull(segment.reserve(BYTES, true, 1 << 20, 1, pins));
    try {
      assertThat(
              segment.write(
                  new StagedSegment.Reservation(slice, new InodeId(7), slice.offset(), pins),
                  ByteBuffer.allocate(BYTES),
                  wanted -> {}))
          .isNotNull();
    } catch (IOException e) {
      throw new AssertionError("the disk works", e);
    }
  }

  private void seal() {
    segment.sealed(
        new PageChecksums(new int[] {0}, segment.reserved()), 0, segment.reserved() + 100L);
  }

  /** Runs in the middle of the next force. */
  private void duringForce(boolean forceFails, Runnable what) {
    files.fail(
        Operation.FORCE,
        path -> {
          what.run();
          return forceFails;
        },
        "Input/output error",
        1);
  }

  @Test
  void whoeverWaitsForAnothersForceIsDoneWhenTheSegmentIsSealedMeanwhile() throws Exception {
    append();
    CompletableFuture<Void> synced = new CompletableFuture<>();
    Thread waiting =
        Thread.ofPlatform()
            .daemon()
            .unstarted(() -> {
              segment.sync(names);
              synced.complete(null);
            });
    boolean[] once = new boolean[1];
    duringForce(
        false,
        () -> {
          if (once[0]) {
            return;
          }
          once[0] = true;
          append();
          waiting.start();
          while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          assertThat(segment.beginSealing()).isTrue();
          seal();
        });

    segment.sync(names);

    assertThatCode(() -> synced.get(10, TimeUnit.SECONDS)).doesNotThrowAnyException();
    assertThat(waiting.join(Duration.ofSeconds(10))).isTrue();
    assertThat(segment.runs(true)).isEmpty();
  }

  @Test
  void aForceThatFailsBecauseTheSealedFileIsGoneIsNoFailure() {
    append();
    duringForce(
        true,
        () -> {
          if (segment.beginSealing()) {
            seal();
          }
        });

    segment.sync(names);

    assertThat(segment.isPoisoned()).isFalse();
    assertThat(segment.runs(true)).isEmpty();
    assertThat(files.changes()).isPositive();
  }

  /** The kernel tells an error once: had both forced at once, the seal might have missed it. */
  @Test
  void theForceOfASealWaitsForOneUnderWayAndDoesNotHideItsFailure() {
    append();
    CompletableFuture<Boolean> forced = new CompletableFuture<>();
    Thread sealer =
        Thread.ofPlatform()
            .daemon()
            .unstarted(() -> {
              try {
                segment.forceForSeal();
                seal();
                forced.complete(true);
              } catch (IOException e) {
                forced.completeExceptionally(e);
              }
            });
    duringForce(
        true,
        () -> {
          if (segment.beginSealing()) {
            sealer.start();
            while (sealer.getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
          }
        });

    assertThatThrownBy(() -> segment.sync(names)).isInstanceOf(EngineException.class);
    assertThat(forced.join()).isTrue();
    assertThat(segment.isPoisoned()).isTrue();
    assertThatThrownBy(() -> segment.sync(names)).isInstanceOf(EngineException.class);
  }

  @Test
  void aForceThatFailsBeforeThatIsAFailureForAllWhoWait() {
    append();
    duringForce(true, () -> {});

    assertThatThrownBy(() -> segment.sync(names)).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> segment.sync(names)).isInstanceOf(EngineException.class);
  }

  @Test
  void aSegmentThatIsLostIsNotDurable() {
    append();
    assertThat(segment.beginSealing()).isTrue();
    segment.become(StagedSegment.Phase.LOST);

    assertThatThrownBy(() -> segment.sync(names)).isInstanceOf(EngineException.class);
  }

  @Test
  void aDoubtedSegmentIsReadThoughItsFileIsClosedForAnotherMeanwhile() throws IOException {
    append();
    duringForce(true, () -> {});
    assertThatThrownBy(() -> segment.sync(names)).isInstanceOf(EngineException.class);
    AtomicBoolean closed = new AtomicBoolean();
    files.fail(
        Operation.READ,
        path -> {
          if (closed.compareAndSet(false, true)) {
            closeFile();
          }
          return false;
        },
        "never said",
        1);
    assertThat(DistrustfulRead.of(segment, new SegmentSlice(segment.id(), 0, BYTES)))
        .isInstanceOf(StagedRead.InMemory.class);
  }

  private void closeFile() {
    try {
      segment.closeFile();
    } catch (IOException e) {
      throw new AssertionError("the disk works", e);
    }
  }
}
