package io.forebay.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.Invariant.BrokenInvariantException;
import io.forebay.engine.EngineException;
import io.forebay.engine.InodeId;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentSlice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Extents against arrays that say for every byte where it comes from. */
@Timeout(60)
class ExtentsModelTest {
  private static final int FILE = 400;
  private static final int FILES = 4;
  private static final int SEGMENTS = 12;
  @TempDir private Path home;
  private MetadataFixture fixture;

  /** For every byte of a file: 0 for a hole, else segment * 1,000,000 + offset. */
  private final Map<InodeId, long[]> model = new HashMap<>();

  @BeforeEach
  void open() {
    fixture = new MetadataFixture(home);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  static Extent extent(long fileOffset, int length, long segment, int offset) {
    return new Extent(fileOffset, new SegmentSlice(new SegmentId(segment), offset, length));
  }

  private int random(int from, int to) {
    return from + fixture.random.nextInt(to - from);
  }

  @Test
  void randomWorkLeavesExactlyTheBytesAndTheCountsOfTheModel() {
    List<InodeId> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      files.add(addFile());
    }
    for (int step = 0; step < 1500; step++) {
      int at = fixture.random.nextInt(files.size());
      InodeId file = files.get(at);
      switch (fixture.random.nextInt(12)) {
        case 0 -> truncate(file, random(0, FILE + 10));
        case 1 -> {
          delete(file, random(1, 5));
          files.set(at, addFile());
        }
        case 2 -> {
          InodeId empty = addFile();
          move(file, empty, random(0, 50));
          files.set(at, empty);
        }
        case 3 -> copy(file, files.get((at + 1) % FILES));
        default -> put(file);
      }
      if (step % 50 == 0) {
        check(files);
      }
    }
    check(files);
    fixture.reopen();
    check(files);
  }

  private InodeId addFile() {
    InodeId id = fixture.newFile();
    model.put(id, new long[2 * FILE]);
    return id;
  }

  private void put(InodeId file) {
    List<Extent> extents = new ArrayList<>();
    int from = random(0, 40);
    while (from < FILE - 40 && extents.size() < 4) {
      int length = random(1, 40);
      extents.add(extent(from, length, random(1, SEGMENTS), random(0, 1000)));
      from += length + (fixture.random.nextBoolean() ? 0 : random(0, 80));
    }
    fixture.store.write(t -> {
      t.putExtents(file, extents);
      return true;
    });
    for (Extent extent : extents) {
      for (int i = 0; i < extent.length(); i++) {
        bytesOf(file)[(int) extent.fileOffset() + i] =
            extent.slice().segment().value() * 1_000_000 + extent.slice().offset() + i;
      }
    }
  }

  private long[] bytesOf(InodeId file) {
    return Objects.requireNonNull(model.get(file));
  }

  private void truncate(InodeId file, int to) {
    fixture.store.write(t -> {
      t.truncateExtents(file, to);
      return true;
    });
    Arrays.fill(bytesOf(file), to, 2 * FILE, 0);
  }

  private void move(InodeId from, InodeId to, int shift) {
    fixture.store.write(t -> {
      t.moveExtents(from, to, shift);
      return true;
    });
    long[] old = bytesOf(from);
    long[] shifted = new long[2 * FILE];
    System.arraycopy(old, 0, shifted, shift, 2 * FILE - shift);
    // Shifts add up over many moves: what would leave the array is cut off on both sides.
    truncateModel(to, shifted);
    model.put(from, new long[2 * FILE]);
    check(List.of(from));
    delete(from, 10);
  }

  /** A range over another file's range, which is made a hole first. */
  private void copy(InodeId from, InodeId to) {
    int offset = random(0, FILE);
    int length = random(1, 200);
    int toOffset = random(0, FILE);
    truncate(to, toOffset);
    fixture.store.write(t -> {
      t.copyExtents(from, offset, length, to, toOffset);
      return true;
    });
    System.arraycopy(bytesOf(from), offset, bytesOf(to), toOffset, length);
    truncate(to, FILE + 50);
  }

  private void truncateModel(InodeId to, long[] bytes) {
    model.put(to, bytes);
    truncate(to, FILE + 50);
  }

  private void delete(InodeId file, int limit) {
    int steps = 0;
    while (!fixture.store.write(t -> t.deleteStep(file, limit))) {
      steps++;
      assertThat(steps).isLessThan(1000);
    }
    assertThat(fixture.store.inode(file)).isEmpty();
    boolean again = fixture.store.write(t -> t.deleteStep(file, limit));
    assertThat(again).isTrue();
    model.remove(file);
  }

  private void check(List<InodeId> files) {
    Map<Long, Long> live = new HashMap<>();
    long space = 0;
    for (Map.Entry<InodeId, long[]> each : model.entrySet()) {
      for (long source : each.getValue()) {
        if (source != 0) {
          live.merge(source / 1_000_000, 1L, Long::sum);
          space++;
        }
      }
    }
    for (InodeId file : files) {
      long[] actual = new long[2 * FILE];
      List<Extent> extents =
          fixture.store.read(s -> s.extents().overlapping(file, 0, Long.MAX_VALUE, 10_000));
      long end = 0;
      long used = 0;
      for (Extent extent : extents) {
        assertThat(extent.fileOffset()).as("no overlap").isGreaterThanOrEqualTo(end);
        end = extent.end();
        used += extent.length();
        for (int i = 0; i < extent.length(); i++) {
          actual[(int) extent.fileOffset() + i] =
              extent.slice().segment().value() * 1_000_000 + extent.slice().offset() + i;
        }
      }
      assertThat(actual).isEqualTo(bytesOf(file));
      assertThat(fixture.store.inode(file).orElseThrow().attributes().spaceUsed()).isEqualTo(used);
    }
    for (long segment = 1; segment < SEGMENTS; segment++) {
      long expected = live.getOrDefault(segment, 0L);
      long actual =
          fixture.store.ledger().find(new SegmentId(segment)).map(r -> r.liveBytes()).orElse(0L);
      assertThat(actual).as("live bytes of %d", segment).isEqualTo(expected);
    }
    assertThat(fixture.store.usage()).isEqualTo(new MetadataStore.Usage(space, model.size() + 1L));
  }

  @Test
  void aRangeIsFoundWithWhatOverlapsItsEnds() {
    InodeId file = fixture.newFile();
    fixture.store.write(t -> {
      t.putExtents(file, List.of(extent(10, 10, 1, 0), extent(20, 10, 2, 0), extent(40, 5, 3, 0)));
      return true;
    });
    assertThat(overlapping(file, 0, 10, 9)).isEmpty();
    assertThat(overlapping(file, 0, 11, 9)).containsExactly(10L);
    assertThat(overlapping(file, 19, 20, 9)).containsExactly(10L);
    assertThat(overlapping(file, 19, 21, 9)).containsExactly(10L, 20L);
    assertThat(overlapping(file, 20, 41, 9)).containsExactly(20L, 40L);
    assertThat(overlapping(file, 30, 40, 9)).isEmpty();
    assertThat(overlapping(file, 45, Long.MAX_VALUE, 9)).isEmpty();
    assertThat(overlapping(file, 0, Long.MAX_VALUE, 2)).containsExactly(10L, 20L);
    assertThat(overlapping(file, 15, Long.MAX_VALUE, 1)).containsExactly(10L);
  }

  private List<Long> overlapping(InodeId file, long from, long to, int limit) {
    return fixture.store.read(s ->
        s.extents().overlapping(file, from, to, limit).stream().map(Extent::fileOffset).toList());
  }

  @Test
  void aFileOfVeryManyExtentsIsCutWithoutHoldingThemAllInMemory() {
    InodeId file = fixture.newFile();
    int count = 20_000;
    fixture.store.write(t -> {
      for (int i = 0; i < count; i++) {
        t.extents().insert(file, extent(i * 10L, 5, 1 + i % 3, 0));
      }
      return true;
    });
    // Room for all of them at once there is not; what was found is counted where it is found.
    long before = fixture.store.statementCount();
    fixture.store.write(t -> {
      t.truncateExtents(file, 12);
      return true;
    });
    long statements = fixture.store.statementCount() - before;
    assertThat(overlapping(file, 0, Long.MAX_VALUE, 10)).containsExactly(0L, 10L);
    assertThat(statements).isLessThan(count / 100 * 3);
  }

  @Test
  void extentsAreNeverMovedOntoOthers() {
    InodeId from = fixture.newFile();
    InodeId to = fixture.newFile();
    fixture.store.write(t -> {
      t.putExtents(from, List.of(extent(0, 10, 1, 0)));
      t.putExtents(to, List.of(extent(95, 10, 2, 0)));
      return true;
    });
    assertThatThrownBy(() ->
            fixture.store.write(t -> {
              t.moveExtents(from, to, 100);
              return true;
            }))
        .isInstanceOf(EngineException.class)
        .hasCauseInstanceOf(BrokenInvariantException.class);
    fixture.store.write(t -> {
      t.moveExtents(from, to, 105);
      return true;
    });
    assertThat(overlapping(to, 0, Long.MAX_VALUE, 10)).containsExactly(95L, 105L);
  }

  @Test
  void neighboursThatContinueEachOtherAreJoined() {
    assertThat(
            Transaction.coalesce(
                List.of(
                    extent(0, 10, 1, 0),
                    extent(10, 10, 1, 10),
                    extent(20, 10, 1, 25),
                    extent(40, 10, 1, 35),
                    extent(50, 10, 2, 45))))
        .containsExactly(
            extent(0, 20, 1, 0),
            extent(20, 10, 1, 25),
            extent(40, 10, 1, 35),
            extent(50, 10, 2, 45));
  }
}
