package io.forebay.engine.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.BucketLock;
import io.forebay.engine.BucketSetting;
import io.forebay.engine.Deleted;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.LockChange;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectLock;
import io.forebay.engine.OpenFile;
import io.forebay.engine.OpenObject;
import io.forebay.engine.Stability;
import io.forebay.engine.VersionId;
import io.forebay.engine.VersionListing;
import io.forebay.engine.VersionListing.Item;
import io.forebay.engine.Versioning;
import io.forebay.engine.WriteCondition;
import io.forebay.testkit.ManualClock;
import io.forebay.testkit.ObjectViewFixture;
import io.forebay.testkit.VolumeUnderTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Versions, delete markers, locks: what S3 and NFS do to them. */
class VersionsTest extends ObjectViewFixture {
  private final ManualClock clock = new ManualClock();

  @Override
  protected VolumeUnderTest open(Path where) {
    return new StoredVolume(where, clock);
  }

  private void enable() {
    view.setVersioning(ROOT, BUCKET, Versioning.ENABLED);
  }

  private String text(String key, VersionId version) {
    try (OpenObject object = view.open(ROOT, BUCKET, key(key), version)) {
      return new String(all(object), StandardCharsets.UTF_8);
    }
  }

  private Deleted drop(String key) {
    return view.remove(ROOT, BUCKET, key(key), WriteCondition.ALWAYS);
  }

  private Deleted destroy(String key, VersionId version) {
    return view.removeVersion(ROOT, BUCKET, key(key), version, false);
  }

  /** "key:content", "key:marker", an asterisk for the latest. */
  private List<String> history(String prefix, String delimiter, int page) {
    List<String> all = new ArrayList<>();
    String afterKey = "";
    Optional<VersionId> afterVersion = Optional.empty();
    VersionListing listing;
    do {
      listing = view.versions(ROOT, BUCKET, prefix, delimiter, afterKey, afterVersion, page);
      for (Item item : listing.items()) {
        afterKey = item.key();
        switch (item) {
          case VersionListing.Version(ObjectInfo info, boolean latest) -> {
            all.add(item.key() + ":" + text(item.key(), info.version()) + (latest ? "*" : ""));
            afterVersion = Optional.of(info.version());
          }
          case VersionListing.Marker marker -> {
            all.add(item.key() + ":marker" + (marker.latest() ? "*" : ""));
            afterVersion = Optional.of(marker.version());
          }
          case VersionListing.CommonPrefix common -> {
            all.add(common.key());
            afterVersion = Optional.empty();
          }
        }
      }
    } while (listing.truncated());
    return all;
  }

  private List<String> history() {
    return history("", "", 1000);
  }

  @Test
  void aPutKeepsWhatWasThere() {
    put("a", "null");
    enable();
    ObjectInfo one = put("a", "one");
    ObjectInfo two = put("a", "two");
    assertThat(history()).containsExactly("a:two*", "a:one", "a:null");
    assertThat(text("a", VersionId.NULL)).isEqualTo("null");
    assertThat(text("a", one.version())).isEqualTo("one");
    assertThat(view.head(ROOT, BUCKET, key("a"), one.version()).etag()).isEqualTo(one.etag());
    assertThat(head("a").version()).isEqualTo(two.version());
    reopen();
    assertThat(history()).containsExactly("a:two*", "a:one", "a:null");
  }

  @Test
  void aDeletionLeavesAMarkerAndDestroyingItBringsTheObjectBack() {
    enable();
    put("d/a", "one");
    Deleted deleted = drop("d/a");
    assertThat(deleted.marker()).isTrue();
    assertThat(exists("d/a")).isFalse();
    assertThat(existsAt("bucket/d")).isFalse();
    assertThat(history()).containsExactly("d/a:marker*", "d/a:one");
    VersionId marker = deleted.version().orElseThrow();
    assertCode(ErrorCode.DELETE_MARKER, () -> view.head(ROOT, BUCKET, key("d/a"), marker));
    assertThat(destroy("d/a", marker).marker()).isTrue();
    assertThat(text("d/a")).isEqualTo("one");
    assertThat(read("bucket/d/a")).isEqualTo("one");
    assertThat(history()).containsExactly("d/a:one*");
  }

  @Test
  void destroyingTheCurrentVersionBringsTheOneBefore() {
    enable();
    ObjectInfo one = put("a", "one");
    ObjectInfo two = put("a", "two");
    destroy("a", two.version());
    assertThat(text("a")).isEqualTo("one");
    assertThat(head("a").version()).isEqualTo(one.version());
    destroy("a", one.version());
    assertThat(history()).isEmpty();
    assertCode(ErrorCode.NO_SUCH_VERSION, () -> text("a", one.version()));
  }

  @Test
  void aSuspendedBucketHasOneNullVersion() {
    enable();
    put("a", "one");
    view.setVersioning(ROOT, BUCKET, Versioning.SUSPENDED);
    put("a", "null 1");
    put("a", "null 2");
    assertThat(history()).containsExactly("a:null 2*", "a:one");
    assertThat(drop("a").version()).contains(VersionId.NULL);
    assertThat(history()).containsExactly("a:marker*", "a:one");
    put("a", "null 3");
    assertThat(history()).containsExactly("a:null 3*", "a:one");
  }

  @Test
  void aFileWrittenOverNfsIsAVersionForEachTimeItIsOpened() {
    enable();
    put("a", "one");
    InodeId file = at("bucket/a").inode();
    try (OpenFile _ = openFile(file)) {
      write(file, 0, "two", Stability.DURABLE);
      write(file, 0, "TWO", Stability.DURABLE);
    }
    write(file, 0, "3", Stability.DURABLE);
    assertThat(history()).containsExactly("a:3WO*", "a:TWO", "a:one");
  }

  @Test
  void namesOverNfsLeaveVersionsAndMarkers() {
    enable();
    write("bucket/a", "one");
    assertThat(history()).containsExactly("a:one*");
    write("bucket/b", "two");
    rename("bucket/b", "bucket/a");
    assertThat(history()).containsExactly("a:two*", "a:one", "b:marker*", "b:two");
    remove("bucket/a");
    assertThat(history()).containsExactly("a:marker*", "a:two", "a:one", "b:marker*", "b:two");
  }

  @Test
  void aVersionThatIsReadOutlivesItsDeletion() {
    enable();
    ObjectInfo one = put("a", "one");
    put("a", "two");
    try (OpenObject open = view.open(ROOT, BUCKET, key("a"), one.version())) {
      destroy("a", one.version());
      ((StoredVolume) volume).deleteDiscarded();
      assertThat(all(open)).asString(StandardCharsets.UTF_8).isEqualTo("one");
    }
  }

  @Test
  void whoHasTheReplacedFileOpenDoesNotChangeItsVersion() {
    enable();
    put("a", "one");
    InodeId file = at("bucket/a").inode();
    try (OpenFile _ = openFile(file)) {
      put("a", "two");
      write(file, 0, "NFS", Stability.DURABLE);
      assertThat(history()).containsExactly("a:two*", "a:one");
    }
  }

  @Test
  void aListingHasPagesAndPrefixes() {
    enable();
    for (String key : List.of("a/1", "a/2", "b", "c/1")) {
      put(key, "one");
      put(key, "two");
    }
    drop("a/1");
    drop("c/1");
    List<String> all = history();
    assertThat(all).hasSize(10);
    for (int page = 1; page < 5; page++) {
      assertThat(history("", "", page)).as("page " + page).isEqualTo(all);
      assertThat(history("", "/", page)).containsExactly("a/", "b:two*", "b:one", "c/");
    }
    assertThat(history("a/", "/", 2))
        .containsExactly("a/1:marker*", "a/1:two", "a/1:one", "a/2:two*", "a/2:one");
  }

  @Test
  void aBucketWithVersionsIsNotEmptyAndItsSettingsGoWithIt() {
    enable();
    ObjectInfo one = put("a", "one");
    VersionId marker = drop("a").version().orElseThrow();
    assertCode(ErrorCode.BUCKET_NOT_EMPTY, () -> view.deleteBucket(ROOT, BUCKET));
    destroy("a", marker);
    destroy("a", one.version());
    view.putSetting(ROOT, BUCKET, BucketSetting.TAGGING, Optional.of(bytes("x")));
    reopen();
    assertThat(view.settings(ROOT, BUCKET)).containsKey(BucketSetting.TAGGING);
    view.deleteBucket(ROOT, BUCKET);
    view.createBucket(ROOT, BUCKET);
    assertThat(view.settings(ROOT, BUCKET)).isEmpty();
  }

  @Test
  void aLockedVersionIsDestroyedByNobodyBeforeItsTime() {
    enable();
    view.setObjectLock(ROOT, BUCKET, BucketLock.WITHOUT_DEFAULT);
    ObjectInfo one = put("a", "one");
    long until = clock.epochNanos() + Duration.ofDays(1).toNanos();
    view.setLock(
        ROOT,
        BUCKET,
        key("a"),
        Optional.of(one.version()),
        new LockChange.Retention(ObjectLock.Mode.GOVERNANCE, until, false));
    assertCode(ErrorCode.LOCKED, () -> destroy("a", one.version()));
    write(at("bucket/a").inode(), 0, "NFS", Stability.DURABLE);
    remove("bucket/a");
    assertThat(text("a", one.version())).isEqualTo("one");
    assertCode(ErrorCode.LOCKED, () -> destroy("a", one.version()));
    clock.advance(Duration.ofDays(2));
    destroy("a", one.version());
    assertCode(ErrorCode.NO_SUCH_VERSION, () -> text("a", one.version()));
    assertCode(ErrorCode.LOCKED, () -> view.setVersioning(ROOT, BUCKET, Versioning.SUSPENDED));
  }
}
