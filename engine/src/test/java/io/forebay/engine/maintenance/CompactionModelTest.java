package io.forebay.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CompactionReport;
import io.forebay.engine.EngineException;
import io.forebay.engine.FileName;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Payload;
import io.forebay.engine.Progress;
import io.forebay.engine.ReadResult;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Stability;
import io.forebay.engine.cache.SegmentReader.Intent;
import io.forebay.engine.file.PinnedContent;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compaction beside overwrites, truncations, copies, pins, deletions, bucket faults and crashes:
 * bytes are those of a model, live bytes those of the extents, and no object that is named is
 * missing.
 */
@Timeout(180)
class CompactionModelTest {
  private static final int MAX_SIZE = 200_000;

  private static final class Model {
    private final InodeId inode;
    private final String name;
    private byte[] content = {};

    Model(InodeId inode, String name) {
      this.inode = inode;
      this.name = name;
    }
  }

  private record Pinned(PinnedContent pin, byte[] content) {}

  @TempDir private Path directory;
  private final Random random = Seeds.random("CompactionModelTest");
  private final List<Model> files = new ArrayList<>();
  private final List<Pinned> pinned = new ArrayList<>();
  private int names;
  private long moved;

  @Test
  void compactionChangesNothingThatAnybodyCanSee() {
    try (ReclaimVolume volume = new ReclaimVolume(directory, random)) {
      for (int step = 0; step < 400; step++) {
        step(volume);
      }
      pinned.forEach(each -> each.pin().close());
      volume.bucket.heal();
      volume.settle();
      moved += volume.compactor.run(false, Progress.NONE).rewrittenBytes();
      volume.settle();
      verify(volume);
      volume.assertAccounts();
      volume.crash();
      verify(volume);
      volume.assertAccounts();
    }
    assertThat(moved).as("bytes moved").isPositive();
  }

  private void step(ReclaimVolume volume) {
    switch (random.nextInt(12)) {
      case 0 -> files.add(newFile(volume));
      case 1 -> remove(volume);
      case 2 -> truncate(volume);
      case 3 -> copy(volume);
      case 4 -> pin(volume);
      case 5 -> {
        if (random.nextBoolean()) {
          interfere(volume);
        }
        volume.settle();
        compact(volume);
        volume.assertAccounts();
      }
      case 6 -> {
        if (random.nextInt(4) == 0) {
          pinned.forEach(each -> each.pin().close());
          pinned.clear();
          volume.crash();
        }
        verify(volume);
      }
      default -> write(volume);
    }
  }

  private Model newFile(ReclaimVolume volume) {
    String name = "f" + names++;
    return new Model(volume.create(name), name);
  }

  private Model any(ReclaimVolume volume) {
    if (files.isEmpty()) {
      files.add(newFile(volume));
    }
    return files.get(random.nextInt(files.size()));
  }

  private byte[] someBytes(int bound) {
    byte[] bytes = new byte[1 + random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  private void write(ReclaimVolume volume) {
    Model file = any(volume);
    byte[] bytes = someBytes(random.nextInt(3) == 0 ? 60_000 : 3000);
    int offset = random.nextInt(Math.min(MAX_SIZE, file.content.length + 1));
    volume.write(file.inode, offset, bytes);
    byte[] after =
        Arrays.copyOf(file.content, Math.max(file.content.length, offset + bytes.length));
    System.arraycopy(bytes, 0, after, offset, bytes.length);
    file.content = after;
  }

  private void truncate(ReclaimVolume volume) {
    Model file = any(volume);
    int size = random.nextInt(file.content.length + 1);
    var unused =
        volume.fileSystem().setAttributes(Caller.ROOT, file.inode, AttributeChanges.size(size));
    file.content = Arrays.copyOf(file.content, size);
  }

  private void remove(ReclaimVolume volume) {
    if (files.size() > 3) {
      Model file = files.remove(random.nextInt(files.size()));
      var unused =
          volume
              .fileSystem()
              .remove(Caller.ROOT, InodeId.ROOT, FileName.of(file.name), RemoveKind.ANY);
    }
  }

  private void copy(ReclaimVolume volume) {
    Model from = any(volume);
    Model to = newFile(volume);
    files.add(to);
    if (from.content.length > 0) {
      int size = from.content.length;
      boolean unused =
          volume.metadata.write(tx -> {
            tx.copyExtents(from.inode, 0, size, to.inode, 0);
            tx.put(tx.require(to.inode).edit().size(size).touchContent(tx.now()).done());
            return true;
          });
      to.content = from.content;
    }
  }

  private void pin(ReclaimVolume volume) {
    if (pinned.size() >= 4) {
      Pinned old = pinned.remove(0);
      verify(old);
      old.pin().close();
    }
    Model file = any(volume);
    pinned.add(new Pinned(volume.layer.contents().pin(file.inode), file.content));
  }

  private void verify(Pinned each) {
    try (Payload payload = each.pin().read(0, each.content().length, Intent.SEQUENTIAL)) {
      assertThat(payload.toBytes()).as("pinned").isEqualTo(each.content());
    }
  }

  /** Sometimes into a bucket that fails, sometimes with somebody who writes in the middle. */
  private void compact(ReclaimVolume volume) {
    switch (random.nextInt(4)) {
      case 0 -> volume.bucket.fail(Call.PUT, Kind.THROTTLED, 1 + random.nextInt(2));
      case 1 -> volume.bucket.failAfterwards(Call.PUT, Kind.AMBIGUOUS, 1);
      case 2 -> volume.bucket.before(Call.PUT, () -> interfere(volume), 1);
      default -> {
        // As it is.
      }
    }
    try {
      moved += volume.compactor.run(false, Progress.NONE).rewrittenBytes();
    } catch (EngineException e) {
      // The bucket gave up; nothing is half done.
      assertThat(e.code().isTransient()).as("%s", e).isTrue();
    }
    volume.bucket.heal();
    pinned.forEach(this::verify);
    int unused = volume.plane.sweepDeadSegments();
    pinned.forEach(this::verify);
    verify(volume);
  }

  /** Between the copy and the move; from an upload's thread, while the test's waits for it. */
  private void interfere(ReclaimVolume volume) {
    for (Model file : files) {
      overwrite(volume, file);
    }
  }

  /** Of one length at one place, so that the extents differ by where their bytes are alone. */
  private void overwrite(ReclaimVolume volume, Model file) {
    byte[] bytes = new byte[500];
    random.nextBytes(bytes);
    OpenFile open = volume.open(file.inode);
    open.write(0, ByteBuffer.wrap(bytes), Stability.DURABLE);
    open.close();
    byte[] after = Arrays.copyOf(file.content, Math.max(file.content.length, bytes.length));
    System.arraycopy(bytes, 0, after, 0, bytes.length);
    file.content = after;
  }

  private void verify(ReclaimVolume volume) {
    for (Model file : files) {
      OpenFile open = volume.open(file.inode);
      ReadResult read = open.read(0, MAX_SIZE * 2);
      try (Payload payload = read.payload()) {
        assertThat(payload.toBytes()).as(file.name).isEqualTo(file.content);
      }
      open.close();
    }
  }

  @Test
  void spaceBecomesFreeAndSmallSegmentsBecomeFew() {
    try (ReclaimVolume volume = new ReclaimVolume(directory, random)) {
      InodeId large = volume.create("large");
      byte[] content = new byte[60_000];
      random.nextBytes(content);
      volume.write(large, 0, content);
      volume.settle();
      byte[] hole = new byte[50_000];
      volume.write(large, 5000, hole);
      System.arraycopy(hole, 0, content, 5000, hole.length);
      for (int i = 0; i < 10; i++) {
        volume.write(volume.create("small" + i), 0, new byte[100]);
        volume.settle();
      }
      int before = volume.memory.keys().size();

      CompactionReport told = volume.compactor.run(true, Progress.NONE);
      assertThat(volume.memory.keys()).hasSize(before);
      CompactionReport done = volume.compactor.run(false, Progress.NONE);
      volume.settle();

      assertThat(told.dryRun()).isTrue();
      assertThat(told.gainedBytes()).isEqualTo(50_000);
      assertThat(done.gainedBytes()).isEqualTo(told.gainedBytes());
      assertThat(done.segments()).isEqualTo(told.segments()).isEqualTo(10);
      assertThat(volume.memory.keys().size()).isLessThanOrEqualTo(before - 8);
      files.add(new Model(large, "large"));
      files.getFirst().content = content;
      verify(volume);
      volume.assertAccounts();
    }
  }

  @Test
  void aSegmentWhoseBytesAreWrongIsLeftAlone() {
    try (ReclaimVolume volume = new ReclaimVolume(directory, random)) {
      InodeId inode = volume.create("f");
      volume.write(inode, 0, new byte[60_000]);
      volume.settle();
      volume.write(inode, 1000, new byte[50_000]);
      volume.settle();
      String key = volume.memory.keys().getFirst();
      volume.memory.flipBit(key, 10);
      volume.crash();
      volume.clock.advance(Duration.ofMinutes(5));

      CompactionReport done = volume.compactor.run(false, Progress.NONE);

      assertThat(done.segments() + done.skipped()).isPositive();
      assertThat(volume.memory.keys()).contains(key);
      volume.assertAccounts();
    }
  }
}
