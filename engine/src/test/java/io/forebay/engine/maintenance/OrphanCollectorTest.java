package io.forebay.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.InodeId;
import io.forebay.engine.Progress;
import io.forebay.engine.lease.VolumeLease;
import io.forebay.engine.maintenance.OrphanCollector.Result;
import io.forebay.engine.metadata.SegmentUse;
import io.forebay.engine.object.Body;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.engine.segment.SegmentFormat;
import io.forebay.engine.segment.SegmentId;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nobody knows goes; anything that is not told beyond doubt keeps everything. */
@Timeout(60)
class OrphanCollectorTest {
  private static final Duration AGE = Duration.ofDays(1);
  private static final long EPOCH = 3;

  @TempDir private Path directory;
  private final Random random = Seeds.random("OrphanCollectorTest");
  private ReclaimVolume volume;
  private InodeId file;

  @BeforeEach
  void open() {
    volume = new ReclaimVolume(directory, random);
    file = volume.create("f");
    volume.write(file, 0, new byte[1000]);
    volume.settle();
  }

  @AfterEach
  void close() {
    volume.close();
  }

  private Result collect(ObjectStore store, boolean dryRun) {
    volume.memory.plant(VolumeLease.KEY, new byte[] {1});
    OrphanCollector collector =
        new OrphanCollector(
            store,
            new SegmentUse(volume.metadata),
            volume.plane.pins(),
            () -> VolumeLease.firstIdOf(EPOCH),
            VolumeLease.KEY,
            AGE);
    return collector.run(dryRun, Progress.NONE);
  }

  private Result collect() {
    return collect(volume.bucket, false);
  }

  private String plant(long id) {
    String key = SegmentFormat.objectKey(new SegmentId(id));
    volume.memory.plant(key, new byte[10]);
    return key;
  }

  @Test
  void anOldObjectThatNoRowKnowsGoesAndEverythingElseStays() {
    List<String> known = volume.memory.keys();
    String orphan = plant(77);
    String earlier = plant(VolumeLease.firstIdOf(EPOCH) - 1);
    String ours = plant(VolumeLease.firstIdOf(EPOCH));
    String later = plant(VolumeLease.firstIdOf(EPOCH + 2) + 5);
    String foreign = "segments/00/notes.txt";
    volume.memory.plant(foreign, new byte[3]);
    volume.memory.plant("segments/01/0000000000000099", new byte[3]);
    volume.clock.advance(AGE.plusSeconds(1));
    String young = plant(78);

    Result told = collect(volume.bucket, true);
    assertThat(volume.memory.keys()).contains(orphan, earlier);
    Result done = collect();

    assertThat(done).isEqualTo(told);
    assertThat(done.orphans()).isEqualTo(2);
    assertThat(done.bytes()).isEqualTo(20);
    assertThat(volume.memory.keys())
        .doesNotContain(orphan, earlier)
        .contains(ours, later, foreign, young, "segments/01/0000000000000099")
        .containsAll(known);
  }

  @Test
  void aPinnedSegmentStays() {
    String key = plant(77);
    volume.clock.advance(AGE.plusSeconds(1));
    volume.plane.pins().pin(new SegmentId(77));

    collect();
    assertThat(volume.memory.keys()).contains(key);

    volume.plane.pins().unpin(new SegmentId(77));
    collect();
    assertThat(volume.memory.keys()).doesNotContain(key);
  }

  @Test
  void anErrorAnywhereInTheListingKeepsEverything() {
    for (int i = 0; i < 2500; i++) {
      plant(1000 + i);
    }
    volume.clock.advance(AGE.plusSeconds(1));
    for (int page = 0; page < 3; page++) {
      Result done = collect(new FailingPage(volume.bucket, page), false);
      assertThat(done.failure()).isPresent();
      assertThat(done.orphans()).isZero();
    }
    assertThat(volume.memory.keys().size()).isGreaterThanOrEqualTo(2500);
    assertThat(volume.bucket.ledger().count(Call.DELETE)).isZero();

    assertThat(collect().orphans()).isEqualTo(2500);
  }

  @Test
  void aShortPageOrOneOutOfOrderKeepsEverything() {
    for (int i = 0; i < 1500; i++) {
      plant(1000 + i);
    }
    volume.clock.advance(AGE.plusSeconds(1));

    assertThat(collect(new ShortPage(volume.bucket), false).failure()).isPresent();
    assertThat(collect(new Reversed(volume.bucket), false).failure()).isPresent();

    assertThat(volume.bucket.ledger().count(Call.DELETE)).isZero();
  }

  @Test
  void aDeletionThatFailsEndsTheCollection() {
    plant(77);
    plant(78);
    volume.clock.advance(AGE.plusSeconds(1));
    volume.bucket.fail(Call.DELETE, Kind.DOWN, 1);

    Result done = collect();

    assertThat(done.failure()).isPresent();
    assertThat(done.orphans()).isZero();
    assertThat(collect().orphans()).isEqualTo(2);
  }

  /** Passes everything on but listings. */
  private abstract static class Listing implements ObjectStore {
    final ObjectStore inner;

    Listing(ObjectStore inner) {
      this.inner = inner;
    }

    @Override
    public String put(String key, Body body) {
      return inner.put(key, body);
    }

    @Override
    public String putIf(String key, ByteBuffer body, Optional<String> expected) {
      return inner.putIf(key, body, expected);
    }

    @Override
    public void get(String key, long offset, ByteBuffer target) {
      inner.get(key, offset, target);
    }

    @Override
    public Fetched fetch(String key, int maximum) {
      return inner.fetch(key, maximum);
    }

    @Override
    public Optional<Stat> stat(String key) {
      return inner.stat(key);
    }

    @Override
    public void delete(String key) {
      inner.delete(key);
    }

    @Override
    public String describe() {
      return inner.describe();
    }

    @Override
    public void close() {
      // The volume's.
    }
  }

  /** One page of the listing is an error. */
  private static final class FailingPage extends Listing {
    private int left;

    FailingPage(ObjectStore inner, int page) {
      super(inner);
      left = page;
    }

    @Override
    public ListPage list(String prefix, String after, int limit) {
      if (left-- == 0) {
        throw new StoreException(Kind.DOWN, "made to fail");
      }
      return inner.list(prefix, after, limit);
    }
  }

  /** Pages that go on, though they are not full. */
  private static final class ShortPage extends Listing {
    ShortPage(ObjectStore inner) {
      super(inner);
    }

    @Override
    public ListPage list(String prefix, String after, int limit) {
      return inner.list(prefix, after, limit / 2);
    }
  }

  private static final class Reversed extends Listing {
    Reversed(ObjectStore inner) {
      super(inner);
    }

    @Override
    public ListPage list(String prefix, String after, int limit) {
      ListPage page = inner.list(prefix, after, limit);
      List<Stat> objects = new ArrayList<>(page.objects());
      return new ListPage(objects.reversed(), page.truncated());
    }
  }
}
