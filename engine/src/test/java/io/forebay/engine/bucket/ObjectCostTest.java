package io.forebay.engine.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.CompletedPart;
import io.forebay.engine.CopySource;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.ObjectView;
import io.forebay.engine.PartInfo;
import io.forebay.engine.ReadCondition;
import io.forebay.engine.Stability;
import io.forebay.engine.UploadId;
import io.forebay.engine.WriteCondition;
import io.forebay.testkit.ManualClock;
import io.forebay.testkit.ObjectViewFixture;
import io.forebay.testkit.Seeds;
import io.forebay.testkit.VolumeUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What operations cost in SQL statements: BEGIN, COMMIT and savepoints included. */
class ObjectCostTest extends ObjectViewFixture {
  private static final int SMALL = 4096;
  private static final int PARTS = Integer.getInteger("forebay.parts", 100);

  @Override
  protected VolumeUnderTest open(Path where) {
    return new StoredVolume(where, new ManualClock());
  }

  private long statements(Runnable operation) {
    StoredVolume stored = (StoredVolume) volume;
    // Uploads in the background run statements too.
    assertThat(stored.plane().drain(Duration.ofSeconds(60))).isTrue();
    long before = stored.store().statementCount();
    operation.run();
    return stored.store().statementCount() - before;
  }

  private void warmUp() {
    put("warm/up", Seeds.bytesOf(1, SMALL));
    put("warm/up", Seeds.bytesOf(2, SMALL));
    head("warm/up");
  }

  @Test
  void readingWhatIsInMemoryCostsNoStatement() {
    warmUp();
    put("a/b/c", Seeds.bytesOf(3, SMALL));
    get("a/b/c");
    assertThat(statements(() -> head("a/b/c"))).isZero();
    assertThat(statements(() -> exists("a/b/missing"))).isLessThanOrEqualTo(3);
    assertThat(statements(() -> exists("a/b/missing"))).isZero();
    assertThat(statements(() -> view.checkPut(ROOT, BUCKET, key("a/b/c")))).isZero();
    // The extents, in a read transaction of their own.
    assertThat(statements(() -> get("a/b/c"))).isLessThanOrEqualTo(5);
  }

  @Test
  void aPutCostsAFixedNumberOfStatements() {
    warmUp();
    long fresh = statements(() -> put("one", Seeds.bytesOf(4, SMALL)));
    long deep = statements(() -> put("warm/two", Seeds.bytesOf(5, SMALL)));
    long again = statements(() -> put("one", Seeds.bytesOf(6, SMALL)));
    System.out.println("statements: put " + fresh + ", deep " + deep + ", replace " + again);
    assertThat(fresh).isLessThanOrEqualTo(18);
    assertThat(deep).isLessThanOrEqualTo(20);
    assertThat(again).isLessThanOrEqualTo(24);
  }

  @Test
  void aDeleteCostsAFixedNumberOfStatements() {
    warmUp();
    put("one", Seeds.bytesOf(4, SMALL));
    long delete = statements(() -> delete("one"));
    assertThat(statements(() -> delete("one"))).isZero();
    System.out.println("statements: delete " + delete);
    assertThat(delete).isLessThanOrEqualTo(14);
  }

  @Test
  void aListingCostsNothingPerEntry() {
    for (int i = 0; i < 1100; i++) {
      put("d/" + i, new byte[0]);
    }
    ListRequest thousand = new ListRequest("d/", "", "", 1000);
    view.list(ROOT, BUCKET, thousand);
    assertThat(
            statements(() -> assertThat(view.list(ROOT, BUCKET, thousand).items()).hasSize(1000)))
        .isEqualTo(3);
  }

  @Test
  void aCopyCostsTheSameWhateverTheNumberOfExtents() {
    warmUp();
    InodeId file = create("bucket/scattered");
    for (int i = 0; i < 200; i++) {
      write(file, i * 10_000L, "x", i % 50 == 0 ? Stability.DURABLE : Stability.UNSTABLE);
    }
    write(file, 0, "x", Stability.DURABLE);
    put("whole", Seeds.bytesOf(7, SMALL));
    copy("whole", "warm/zero");
    long one = statements(() -> copy("whole", "warm/one"));
    long many = statements(() -> copy("scattered", "warm/many"));
    System.out.println("statements: copy " + one + ", of many extents " + many);
    assertThat(one).isLessThanOrEqualTo(24);
    assertThat(many).isLessThanOrEqualTo(one + 4);
    assertThat(get("warm/many")).isEqualTo(get("scattered"));
  }

  /** An upload has up to 10,000 parts: what one of them costs must not grow with the others. */
  @Test
  void completingCostsAFewStatementsAPart() {
    put("source", Seeds.bytesOf(8, (int) ObjectView.MIN_PART_SIZE));
    // One more where a segment that others share takes the first bytes.
    long extents = ObjectView.MIN_PART_SIZE / StoredVolume.SEGMENT_BYTES + 1;
    for (int count : new int[] {PARTS, 4 * PARTS}) {
      UploadId upload = view.createUpload(ROOT, BUCKET, key("huge"), ObjectProperties.NONE).id();
      List<CompletedPart> parts = copiedParts(upload, count);
      long began = System.nanoTime();
      long statements = statements(() -> complete(upload, parts));
      System.out.printf(
          "complete %d parts: %d statements, %d ms%n",
          count, statements, (System.nanoTime() - began) / 1_000_000);
      assertThat(statements).isLessThanOrEqualTo((extents + 4) * count + 100);
      assertThat(head("huge").size()).isEqualTo(count * ObjectView.MIN_PART_SIZE);
    }
  }

  private List<CompletedPart> copiedParts(UploadId upload, int count) {
    CopySource source = new CopySource(BUCKET, key("source"), ReadCondition.ALWAYS);
    List<CompletedPart> parts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      PartInfo part = view.copyPart(ROOT, source, Optional.empty(), BUCKET, key("huge"), upload, i);
      parts.add(new CompletedPart(i, part.etag(), new TreeMap<>()));
    }
    return parts;
  }

  private void complete(UploadId upload, List<CompletedPart> parts) {
    view.completeUpload(
        ROOT, BUCKET, key("huge"), upload, parts, new TreeMap<>(), WriteCondition.ALWAYS);
  }
}
