package io.forebay.engine.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.CompletedPart;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.Durability;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.PartInfo;
import io.forebay.engine.UploadId;
import io.forebay.engine.WriteCondition;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.testkit.ManualClock;
import io.forebay.testkit.ObjectViewFixture;
import io.forebay.testkit.VolumeUnderTest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What maintenance drops of uploads, and what becomes of their bytes. */
class UploadExpiryTest extends ObjectViewFixture {
  private final ManualClock clock = new ManualClock();

  @Override
  protected VolumeUnderTest open(Path where) {
    return new StoredVolume(where, clock);
  }

  private UploadId begin(String key) {
    return view.createUpload(ROOT, BUCKET, key(key), ObjectProperties.NONE).id();
  }

  private PartInfo part(String key, UploadId upload, String content) {
    try (ContentWriter writer = view.newContent(ROOT, -1)) {
      writer.write(ByteBuffer.wrap(bytes(content)));
      return view.putPart(
          ROOT, BUCKET, key(key), upload, 1, writer, md5(bytes(content)), new TreeMap<>());
    }
  }

  private StoredVolume stored() {
    return (StoredVolume) volume;
  }

  @Test
  void oldUploadsGoAndYoungOnesStay() {
    UploadId old = begin("old");
    part("old", old, "dropped");
    begin("older-too");
    clock.advance(Duration.ofDays(7));
    UploadId young = begin("young");
    StoredObjectView stored = stored().view(Durability.LOCAL);
    long before = clock.epochNanos();
    assertThat(stored.expireUploads(before, 1)).isEqualTo(1);
    assertThat(stored.expireUploads(before, 10)).isEqualTo(1);
    assertThat(stored.expireUploads(before, 10)).isZero();
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> view.upload(ROOT, BUCKET, key("old"), old));
    assertThat(view.uploads(ROOT, BUCKET, "", "", Optional.empty(), 10).items())
        .extracting(each -> each.id())
        .containsExactly(young);
  }

  @Test
  void theObjectOfACompletedUploadOutlivesItsRecord() {
    UploadId upload = begin("a");
    PartInfo part = part("a", upload, "content");
    List<CompletedPart> parts = List.of(new CompletedPart(1, part.etag(), new TreeMap<>()));
    view.completeUpload(
        ROOT, BUCKET, key("a"), upload, parts, new TreeMap<>(), WriteCondition.ALWAYS);
    clock.advance(Duration.ofDays(8));
    assertThat(stored().view(Durability.LOCAL).expireUploads(clock.epochNanos(), 10)).isEqualTo(1);
    stored().deleteDiscarded();
    assertThat(text("a")).isEqualTo("content");
  }

  /** Nothing of parts stays behind, whichever way they go: no inode, no byte that is accounted. */
  @Test
  void partsLeaveNothingBehind() {
    MetadataStore.Usage empty = stored().store().usage();
    UploadId aborted = begin("a");
    part("a", aborted, "replaced");
    part("a", aborted, "aborted");
    view.abortUpload(ROOT, BUCKET, key("a"), aborted);
    UploadId completed = begin("b");
    PartInfo part = part("b", completed, "completed");
    List<CompletedPart> parts = List.of(new CompletedPart(1, part.etag(), new TreeMap<>()));
    view.completeUpload(
        ROOT, BUCKET, key("b"), completed, parts, new TreeMap<>(), WriteCondition.ALWAYS);
    part("c", begin("c"), "expired");
    clock.advance(Duration.ofDays(8));
    stored().view(Durability.LOCAL).expireUploads(clock.epochNanos(), 10);
    copy("b", "d");
    delete("b");
    delete("d");
    stored().deleteDiscarded();
    assertThat(stored().store().usage()).isEqualTo(empty);
  }
}
