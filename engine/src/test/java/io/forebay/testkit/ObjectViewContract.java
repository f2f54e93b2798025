package io.forebay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.BucketInfo;
import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.CopySource;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.OpenObject;
import io.forebay.engine.Payload;
import io.forebay.engine.ReadCondition;
import io.forebay.engine.WriteCondition;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every {@link io.forebay.engine.ObjectView} does: buckets, objects, copies. */
public abstract class ObjectViewContract extends ObjectViewFixture {
  private static final BucketName OTHER = new BucketName("other-bucket");
  private static final Caller STAFF = Caller.of(0, 50);
  private static final WriteCondition ANY = new WriteCondition.IfMatches("*");

  // --- buckets

  @Test
  void bucketsAreListedInNameOrderWithTheirAttributes() {
    for (String name : new String[] {"zoo", "a-b", "a.b", "abc"}) {
      view.createBucket(ROOT, new BucketName(name));
    }
    assertThat(view.buckets(ROOT).stream().map(each -> each.name().value()))
        .containsExactly("a-b", "a.b", "abc", "bucket", "zoo");
    BucketInfo info = view.bucket(ROOT, BUCKET);
    assertThat(info.attributes()).isEqualTo(at("bucket"));
    assertThat(info.attributes().isDirectory()).isTrue();
    assertThat(info.attributes().mode()).isEqualTo(0750);
    reopen();
    assertThat(view.buckets(ROOT)).hasSize(5).contains(info);
  }

  @Test
  void aBucketIsCreatedOnceWhoeverAsks() {
    assertCode(ErrorCode.BUCKET_EXISTS, () -> view.createBucket(ROOT, BUCKET));
    assertCode(ErrorCode.BUCKET_EXISTS, () -> view.createBucket(ALICE, BUCKET));
    write("file", "taken by a file");
    assertCode(ErrorCode.BUCKET_EXISTS, () -> view.createBucket(ROOT, new BucketName("file")));
  }

  @Test
  void aBucketThatIsNotThereIsSaidToBeMissingEverywhere() {
    assertCode(ErrorCode.NO_SUCH_BUCKET, () -> view.bucket(ROOT, OTHER));
    assertCode(ErrorCode.NO_SUCH_BUCKET, () -> view.deleteBucket(ROOT, OTHER));
    assertCode(ErrorCode.NO_SUCH_BUCKET, () -> view.head(ROOT, OTHER, key("a")));
    assertCode(ErrorCode.NO_SUCH_BUCKET, () -> view.open(ROOT, OTHER, key("a")));
    assertCode(ErrorCode.NO_SUCH_BUCKET, () -> view.checkPut(ROOT, OTHER, key("a")));
    assertCode(
        ErrorCode.NO_SUCH_BUCKET, () -> view.delete(ROOT, OTHER, key("a"), WriteCondition.ALWAYS));
    try (ContentWriter content = view.newContent(ROOT, 0)) {
      assertCode(
          ErrorCode.NO_SUCH_BUCKET,
          () ->
              view.put(
                  ROOT,
                  OTHER,
                  key("a"),
                  content,
                  md5(bytes("")),
                  ObjectProperties.NONE,
                  WriteCondition.ALWAYS));
    }
    write("file", "no directory");
    assertCode(ErrorCode.NO_SUCH_BUCKET, () -> view.bucket(ROOT, new BucketName("file")));
  }

  @Test
  void aBucketWithAnythingInItIsNotDeleted() {
    put("a/b/c", "x");
    assertCode(ErrorCode.BUCKET_NOT_EMPTY, () -> view.deleteBucket(ROOT, BUCKET));
    delete("a/b/c");
    mkdir("bucket/made-over-nfs", 0755);
    assertCode(ErrorCode.BUCKET_NOT_EMPTY, () -> view.deleteBucket(ROOT, BUCKET));
    remove("bucket/made-over-nfs");
    put("explicit/", "");
    assertCode(ErrorCode.BUCKET_NOT_EMPTY, () -> view.deleteBucket(ROOT, BUCKET));
    delete("explicit/");
    symlink("bucket/invisible", "x");
    assertCode(ErrorCode.BUCKET_NOT_EMPTY, () -> view.deleteBucket(ROOT, BUCKET));
    remove("bucket/invisible");
    view.deleteBucket(ROOT, BUCKET);
    assertThat(existsAt("bucket")).isFalse();
    assertCode(ErrorCode.NO_SUCH_BUCKET, () -> view.bucket(ROOT, BUCKET));
  }

  @Test
  void aBucketMadeOverNfsIsOneAndAnIllegalNameIsNone() {
    mkdir("made-over-nfs", 0755);
    mkdir("NoBucket", 0755);
    assertThat(view.buckets(ROOT).stream().map(each -> each.name().value()))
        .containsExactly("bucket", "made-over-nfs");
    view.deleteBucket(ROOT, new BucketName("made-over-nfs"));
    assertThat(existsAt("made-over-nfs")).isFalse();
  }

  @Test
  void whoCannotSearchABucketDoesNotSeeIt() {
    assertThat(view.buckets(ALICE)).isEmpty();
    chmod("bucket", 0755);
    assertThat(view.buckets(ALICE)).hasSize(1);
  }

  @Test
  void onlyWhoMayChangeTheRootMakesBuckets() {
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.createBucket(ALICE, OTHER));
    files.setAttributes(ROOT, InodeId.ROOT, AttributeChanges.mode(01777));
    FileAttributes made = view.createBucket(ALICE, OTHER).attributes();
    assertThat(made.uid()).isEqualTo(ALICE.uid());
    assertThat(made.gid()).isEqualTo(ALICE.gid());
    assertCode(ErrorCode.NOT_PERMITTED, () -> view.deleteBucket(BOB, OTHER));
    view.deleteBucket(ALICE, OTHER);
  }

  // --- put, head, get

  @Test
  void whatIsPutIsThereWholeAlsoAfterACrash() {
    ObjectInfo put = put("dir/file.txt", "some content", metadata("color", "red"));
    assertThat(put.key()).isEqualTo(key("dir/file.txt"));
    assertThat(put.size()).isEqualTo(12);
    assertThat(put.etag()).isEqualTo(md5(bytes("some content")));
    assertThat(put.properties()).isEqualTo(metadata("color", "red"));
    assertThat(head("dir/file.txt")).isEqualTo(put);
    assertThat(text("dir/file.txt")).isEqualTo("some content");
    assertThat(read("bucket/dir/file.txt")).isEqualTo("some content");
    reopen();
    assertThat(head("dir/file.txt")).isEqualTo(put);
    assertThat(text("dir/file.txt")).isEqualTo("some content");
  }

  @Test
  void anEmptyObjectIsAnObject() {
    put("empty", "");
    assertThat(head("empty").size()).isZero();
    assertThat(get("empty")).isEmpty();
    try (OpenObject object = view.open(ROOT, BUCKET, key("empty"))) {
      assertThat(object.read(0, 10).length()).isZero();
    }
  }

  @Test
  void contentComesInPiecesOfAnySize() {
    Random random = Seeds.random("contentComesInPiecesOfAnySize");
    byte[] content = Seeds.bytes(random, 3_000_000 + random.nextInt(100_000));
    try (ContentWriter writer = view.newContent(ROOT, random.nextBoolean() ? -1 : content.length)) {
      int at = 0;
      while (at < content.length) {
        int most = random.nextInt(4) == 0 ? 700_000 : 5_000;
        int piece = Math.min(content.length - at, random.nextInt(most));
        ByteBuffer data =
            random.nextBoolean()
                ? ByteBuffer.wrap(content, at, piece)
                : ByteBuffer.allocateDirect(piece).put(content, at, piece).flip();
        writer.write(data);
        assertThat(data.hasRemaining()).isFalse();
        at += piece;
        assertThat(writer.length()).isEqualTo(at);
      }
      view.put(
          ROOT,
          BUCKET,
          key("large"),
          writer,
          md5(content),
          ObjectProperties.NONE,
          WriteCondition.ALWAYS);
    }
    assertThat(get("large")).isEqualTo(content);
    reopen();
    assertThat(get("large")).isEqualTo(content);
    try (OpenObject object = view.open(ROOT, BUCKET, key("large"))) {
      for (int i = 0; i < 50; i++) {
        int from = random.nextInt(content.length + 10);
        int length = random.nextInt(100_000);
        try (Payload payload = object.read(from, length)) {
          int end = Math.min(content.length, from + length);
          byte[] expected = new byte[Math.max(0, end - from)];
          System.arraycopy(content, Math.min(from, content.length), expected, 0, expected.length);
          assertThat(payload.toBytes()).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void aReadBeyondWhatOneCallTransfersIsRefused() {
    put("a", "x");
    try (OpenObject object = view.open(ROOT, BUCKET, key("a"))) {
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> object.read(-1, 1));
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> object.read(0, FileSystem.MAX_TRANSFER + 1));
    }
  }

  @Test
  void contentThatWasNotPublishedLeavesNothing() {
    ContentWriter content = view.newContent(ROOT, -1);
    content.write(ByteBuffer.wrap(bytes("dropped")));
    content.close();
    content.close();
    assertThat(list("", "")).isEmpty();
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> content.write(ByteBuffer.wrap(bytes("x"))));
  }

  @Test
  void contentIsPublishedOnceOnly() {
    try (ContentWriter content = view.newContent(ROOT, -1)) {
      content.write(ByteBuffer.wrap(bytes("x")));
      publish("a", content);
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> publish("b", content));
    }
    assertThat(text("a")).isEqualTo("x");
    assertThat(exists("b")).isFalse();
  }

  private void publish(String key, ContentWriter content) {
    view.put(
        ROOT,
        BUCKET,
        key(key),
        content,
        md5(bytes("x")),
        ObjectProperties.NONE,
        WriteCondition.ALWAYS);
  }

  /** A refused put does not spend the content: it can be put elsewhere. */
  @Test
  void contentOutlivesARefusedPut() {
    mkdir("bucket/a", 0755);
    try (ContentWriter content = view.newContent(ROOT, -1)) {
      content.write(ByteBuffer.wrap(bytes("x")));
      assertCode(ErrorCode.OBJECT_IS_DIRECTORY, () -> publish("a", content));
      publish("b", content);
    }
    assertThat(text("b")).isEqualTo("x");
  }

  @Test
  void anOverwriteReplacesContentAndProperties() {
    put("a", "old", metadata("color", "red"));
    ObjectInfo put = put("a", "new and longer");
    assertThat(head("a")).isEqualTo(put);
    assertThat(put.properties()).isEqualTo(ObjectProperties.NONE);
    assertThat(text("a")).isEqualTo("new and longer");
    assertThat(list("", "")).containsExactly("a");
  }

  @Test
  void aPinnedObjectKeepsItsBytesThroughOverwriteAndDelete() {
    byte[] content = Seeds.bytesOf(7, 900_000);
    put("a", content);
    try (OpenObject object = view.open(ROOT, BUCKET, key("a"))) {
      put("a", "other");
      delete("a");
      assertThat(all(object)).isEqualTo(content);
      assertThat(object.info().etag()).isEqualTo(md5(content));
    }
    assertCode(ErrorCode.NOT_FOUND, () -> head("a"));
  }

  @Test
  void aMissingObjectIsNotFound() {
    put("a", "x");
    for (String key : new String[] {"b", "a/b", "a/", "b/", "a/b/", "b/c/d"}) {
      assertCode(ErrorCode.NOT_FOUND, () -> head(key));
      assertCode(ErrorCode.NOT_FOUND, () -> get(key));
      assertThat(delete(key)).as(key).isFalse();
    }
  }

  @Test
  void theDigestIsChecked() {
    try (ContentWriter content = view.newContent(ROOT, 0)) {
      assertCode(
          ErrorCode.INVALID_ARGUMENT,
          () ->
              view.put(
                  ROOT,
                  BUCKET,
                  key("a"),
                  content,
                  "no digest",
                  ObjectProperties.NONE,
                  WriteCondition.ALWAYS));
    }
  }

  // --- paths

  @Test
  void aKeyBelowAFileAndAKeyThatIsADirectoryAreRefused() {
    put("file", "x");
    put("dir/a", "x");
    for (String key : new String[] {"file/b", "file/b/c", "file/"}) {
      assertCode(ErrorCode.OBJECT_PARENT_IS_FILE, () -> view.checkPut(ROOT, BUCKET, key(key)));
      assertCode(ErrorCode.OBJECT_PARENT_IS_FILE, () -> put(key, ""));
    }
    assertCode(ErrorCode.OBJECT_IS_DIRECTORY, () -> view.checkPut(ROOT, BUCKET, key("dir")));
    assertCode(ErrorCode.OBJECT_IS_DIRECTORY, () -> put("dir", "x"));
    view.checkPut(ROOT, BUCKET, key("file"));
    view.checkPut(ROOT, BUCKET, key("dir/b/c/d"));
    view.checkPut(ROOT, BUCKET, key("dir/"));
    assertThat(list("", "")).containsExactly("dir/a", "file");
  }

  @Test
  void aDirectoryAPutMadeGoesWithItsLastObject() {
    put("a/b/c/1", "x");
    put("a/b/2", "x");
    delete("a/b/c/1");
    assertThat(existsAt("bucket/a/b/c")).isFalse();
    assertThat(existsAt("bucket/a/b")).isTrue();
    delete("a/b/2");
    assertThat(existsAt("bucket/a")).isFalse();
    assertThat(existsAt("bucket")).isTrue();
    assertThat(list("", "/")).isEmpty();
  }

  @Test
  void aDirectoryMadeOverNfsStays() {
    mkdir("bucket/a", 0755);
    put("a/b/1", "x");
    delete("a/b/1");
    assertThat(existsAt("bucket/a/b")).isFalse();
    assertThat(existsAt("bucket/a")).isTrue();
    assertThat(list("", "/")).containsExactly("a/");
    assertThat(list("", "")).isEmpty();
  }

  @Test
  void aChangeOverNfsMakesAnImplicitDirectoryStay() {
    put("a/b/1", "x");
    write("bucket/a/b/2", "over nfs");
    remove("bucket/a/b/2");
    delete("a/b/1");
    assertThat(existsAt("bucket/a/b")).isTrue();
  }

  @Test
  void directoriesAndFilesOfAPutLookAsConfigured() {
    chmod("bucket", 0777);
    put(ALICE, "a/b", bytes("x"), WriteCondition.ALWAYS);
    FileAttributes directory = at("bucket/a");
    assertThat(directory.mode()).isEqualTo(0750);
    assertThat(directory.uid()).isEqualTo(ALICE.uid());
    assertThat(directory.gid()).isEqualTo(ALICE.gid());
    FileAttributes file = at("bucket/a/b");
    assertThat(file.mode()).isEqualTo(0640);
    assertThat(file.uid()).isEqualTo(ALICE.uid());
    assertThat(file.gid()).isEqualTo(ALICE.gid());
    assertThat(file.linkCount()).isEqualTo(1);
    assertThat(directory.linkCount()).isEqualTo(2);
    assertThat(at("bucket").linkCount()).isEqualTo(3);
    assertThat(head("a/b").owner()).isEqualTo(ALICE.uid());
    assertThat(head("a/b").inode()).isEqualTo(file.inode());
  }

  @Test
  void aSetGroupIdDirectoryGivesItsGroupOn() {
    chown("bucket", STAFF);
    chmod("bucket", 02777);
    put(ALICE, "a/b", bytes("x"), WriteCondition.ALWAYS);
    assertThat(at("bucket/a").gid()).isEqualTo(STAFF.gid());
    assertThat(at("bucket/a").mode()).isEqualTo(02750);
    assertThat(at("bucket/a/b").gid()).isEqualTo(STAFF.gid());
  }

  // --- explicit directories

  @Test
  void aDirectoryPutExplicitlyIsAnObject() {
    ObjectInfo put = put("dir/", "", metadata("color", "red"));
    assertThat(put.size()).isZero();
    assertThat(put.etag()).isEqualTo(md5(bytes("")));
    assertThat(head("dir/").properties()).isEqualTo(metadata("color", "red"));
    assertThat(get("dir/")).isEmpty();
    assertCode(ErrorCode.NOT_FOUND, () -> head("dir"));
    assertThat(at("bucket/dir").isDirectory()).isTrue();
    assertThat(list("", "")).containsExactly("dir/");
    put("dir/a", "x");
    assertThat(head("dir/").etag()).isEqualTo(md5(bytes("")));
    assertThat(list("", "")).containsExactly("dir/", "dir/a");
    assertThat(list("dir/", "/")).containsExactly("dir/", "dir/a");
    assertThat(list("", "/")).containsExactly("dir/");
    delete("dir/a");
    reopen();
    assertThat(exists("dir/")).isTrue();
    assertThat(delete("dir/")).isTrue();
    assertThat(existsAt("bucket/dir")).isFalse();
  }

  @Test
  void anImplicitDirectoryIsNoObject() {
    put("dir/a", "x");
    assertCode(ErrorCode.NOT_FOUND, () -> head("dir/"));
    assertThat(delete("dir/")).isFalse();
    assertThat(text("dir/a")).isEqualTo("x");
  }

  @Test
  void anExplicitDirectoryHasNoContent() {
    assertCode(ErrorCode.DIRECTORY_OBJECT_HAS_DATA, () -> put("dir/", "x"));
    put("full", "x");
    assertCode(ErrorCode.DIRECTORY_OBJECT_HAS_DATA, () -> copy("full", "dir/"));
    assertThat(existsAt("bucket/dir")).isFalse();
  }

  @Test
  void anExplicitDirectoryDeletedBeforeWhatIsInItGoesWithTheLastOfIt() {
    put("dir/", "");
    put("dir/a", "x");
    assertThat(delete("dir/")).isTrue();
    assertThat(exists("dir/")).isFalse();
    assertThat(text("dir/a")).isEqualTo("x");
    delete("dir/a");
    assertThat(existsAt("bucket/dir")).isFalse();
  }

  @Test
  void aDirectoryOfNfsThatBecameAnObjectStaysWhenThatIsDeleted() {
    mkdir("bucket/dir", 0755);
    put("dir/", "");
    put("dir/", "", metadata("a", "again"));
    assertThat(delete("dir/")).isTrue();
    assertThat(existsAt("bucket/dir")).isTrue();
    assertThat(exists("dir/")).isFalse();
  }

  @Test
  void anImplicitDirectoryPutExplicitlyStaysUntilItIsDeleted() {
    put("dir/a", "x");
    put("dir/", "");
    delete("dir/a");
    assertThat(existsAt("bucket/dir")).isTrue();
    assertThat(delete("dir/")).isTrue();
    assertThat(existsAt("bucket/dir")).isFalse();
  }

  // --- conditions

  @Test
  void ifAbsentHoldsOnceOnly() {
    put(ROOT, "a", bytes("first"), WriteCondition.IF_ABSENT);
    assertCode(
        ErrorCode.CONDITION_FAILED,
        () -> put(ROOT, "a", bytes("second"), WriteCondition.IF_ABSENT));
    assertThat(text("a")).isEqualTo("first");
    put(ROOT, "d/", new byte[0], WriteCondition.IF_ABSENT);
    assertCode(
        ErrorCode.CONDITION_FAILED, () -> put(ROOT, "d/", new byte[0], WriteCondition.IF_ABSENT));
  }

  @Test
  void ifMatchesWantsTheVeryObject() {
    assertCode(ErrorCode.NOT_FOUND, () -> put(ROOT, "a", bytes("x"), ANY));
    assertCode(ErrorCode.NOT_FOUND, () -> view.delete(ROOT, BUCKET, key("a"), ANY));
    ObjectInfo first = put("a", "first");
    put(ROOT, "a", bytes("second"), new WriteCondition.IfMatches(first.etag()));
    assertCode(
        ErrorCode.CONDITION_FAILED,
        () -> put(ROOT, "a", bytes("third"), new WriteCondition.IfMatches(first.etag())));
    assertThat(text("a")).isEqualTo("second");
    put(ROOT, "a", bytes("third"), ANY);
    assertCode(
        ErrorCode.CONDITION_FAILED,
        () -> view.delete(ROOT, BUCKET, key("a"), new WriteCondition.IfMatches(first.etag())));
    assertThat(
            view.delete(ROOT, BUCKET, key("a"), new WriteCondition.IfMatches(md5(bytes("third")))))
        .isTrue();
  }

  @Test
  void aRefusedConditionChangesNothing() {
    put("a", "old");
    FileAttributes before = at("bucket");
    assertCode(
        ErrorCode.CONDITION_FAILED, () -> put(ROOT, "a", bytes("x"), WriteCondition.IF_ABSENT));
    assertCode(ErrorCode.NOT_FOUND, () -> put(ROOT, "b/c", bytes("x"), ANY));
    assertThat(at("bucket")).isEqualTo(before);
    assertThat(list("", "/")).containsExactly("a");
  }

  // --- copies

  @Test
  void aCopySharesContentAndOutlivesItsSource() {
    byte[] content = Seeds.bytesOf(1, 700_000);
    try (ContentWriter writer = view.newContent(ROOT, content.length)) {
      writer.write(ByteBuffer.wrap(content));
      ObjectProperties properties =
          metadata("color", "red")
              .withChecksums(Map.of("crc32c", "AAAAAA=="))
              .withTags(Map.of("k", "v"));
      view.put(ROOT, BUCKET, key("a"), writer, md5(content), properties, WriteCondition.ALWAYS);
    }
    ObjectInfo source = head("a");
    ObjectInfo copy = copy("a", "x/y/b");
    assertThat(copy.etag()).isEqualTo(source.etag());
    assertThat(copy.properties()).isEqualTo(source.properties());
    assertThat(copy.inode()).isNotEqualTo(source.inode());
    assertThat(head("x/y/b")).isEqualTo(copy);
    put("a", "other");
    delete("a");
    reopen();
    assertThat(get("x/y/b")).isEqualTo(content);
    assertThat(at("bucket/x/y/b").spaceUsed()).isEqualTo(content.length);
  }

  @Test
  void aCopyCanHaveOtherPropertiesButKeepsTheChecksums() {
    Map<String, String> checksums = Map.of("sha256", "abc=");
    put("a", "x", metadata("color", "red").withChecksums(checksums));
    ObjectInfo copy = copy("a", "b", Optional.of(metadata("color", "blue")));
    assertThat(copy.properties()).isEqualTo(metadata("color", "blue").withChecksums(checksums));
    assertThat(head("a").properties().userMetadata()).containsEntry("color", "red");
  }

  @Test
  void aCopyOntoItselfChangesThePropertiesOnly() {
    ObjectInfo before = put("a", "x", metadata("color", "red"));
    copy("a", "a", Optional.of(metadata("color", "blue")));
    ObjectInfo after = head("a");
    assertThat(after.inode()).isEqualTo(before.inode());
    assertThat(after.etag()).isEqualTo(before.etag());
    assertThat(after.lastModifiedNanos()).isEqualTo(before.lastModifiedNanos());
    assertThat(after.properties()).isEqualTo(metadata("color", "blue"));
    assertThat(copy("a", "a")).isEqualTo(after);
    reopen();
    assertThat(head("a")).isEqualTo(after);
  }

  @Test
  void aCopyReplacesWhatIsThere() {
    put("a", "source");
    put("b", "target");
    copy("a", "b");
    assertThat(text("b")).isEqualTo("source");
    put("empty", "");
    copy("empty", "b");
    assertThat(get("b")).isEmpty();
    copy("empty", "dir/");
    assertThat(exists("dir/")).isTrue();
    copy("dir/", "b");
    assertThat(get("b")).isEmpty();
  }

  @Test
  void conditionsOfACopyAreForSourceAndTarget() {
    put("a", "source");
    put("b", "target");
    CopySource refusing =
        new CopySource(
            BUCKET,
            key("a"),
            info -> {
              assertThat(info.etag()).isEqualTo(md5(bytes("source")));
              throw new UnsupportedOperationException("as the frontend threw it");
            });
    assertThatThrownBy(() ->
            view.copy(ROOT, refusing, BUCKET, key("b"), Optional.empty(), WriteCondition.ALWAYS))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("as the frontend threw it");
    CopySource source = new CopySource(BUCKET, key("a"), ReadCondition.ALWAYS);
    assertCode(
        ErrorCode.CONDITION_FAILED,
        () ->
            view.copy(ROOT, source, BUCKET, key("b"), Optional.empty(), WriteCondition.IF_ABSENT));
    assertCode(
        ErrorCode.CONDITION_FAILED,
        () ->
            view.copy(
                ROOT,
                source,
                BUCKET,
                key("a"),
                Optional.of(metadata("x", "y")),
                new WriteCondition.IfMatches("other")));
    assertThat(text("b")).isEqualTo("target");
    assertThat(head("a").properties()).isEqualTo(ObjectProperties.NONE);
  }

  @Test
  void aCopyOfWhatIsNotThereIsNotFound() {
    assertCode(ErrorCode.NOT_FOUND, () -> copy("missing", "b"));
    CopySource elsewhere = new CopySource(OTHER, key("a"), ReadCondition.ALWAYS);
    assertCode(
        ErrorCode.NO_SUCH_BUCKET,
        () ->
            view.copy(ROOT, elsewhere, BUCKET, key("b"), Optional.empty(), WriteCondition.ALWAYS));
  }

  // --- tags

  @Test
  void tagsAreReplacedAndTheRestStays() {
    ObjectInfo before = put("a", "x", metadata("color", "red").withTags(Map.of("old", "1")));
    view.setTags(ROOT, BUCKET, key("a"), Map.of("new", "2"));
    assertThat(head("a").properties())
        .isEqualTo(before.properties().withTags(new TreeMap<>(Map.of("new", "2"))));
    assertThat(head("a").etag()).isEqualTo(before.etag());
    view.setTags(ROOT, BUCKET, key("a"), Map.of());
    assertThat(head("a").properties().tags()).isEmpty();
    assertCode(ErrorCode.NOT_FOUND, () -> view.setTags(ROOT, BUCKET, key("b"), Map.of()));
  }

  // --- permissions

  @Test
  void readingNeedsSearchOnThePathAndReadOnTheFile() {
    put("a/b", "x");
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.head(ALICE, BUCKET, key("a/b")));
    chmod("bucket", 0711);
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.head(ALICE, BUCKET, key("a/b")));
    chmod("bucket/a", 0711);
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.head(ALICE, BUCKET, key("a/b")));
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.open(ALICE, BUCKET, key("a/b")));
    assertCode(ErrorCode.NOT_FOUND, () -> view.head(ALICE, BUCKET, key("a/c")));
    chmod("bucket/a/b", 0644);
    assertThat(view.head(ALICE, BUCKET, key("a/b")).size()).isEqualTo(1);
    view.open(ALICE, BUCKET, key("a/b")).close();
  }

  @Test
  void writingNeedsWriteOnTheDirectoryAndOnAFileThatIsReplaced() {
    chmod("bucket", 0755);
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.checkPut(ALICE, BUCKET, key("a")));
    assertCode(ErrorCode.ACCESS_DENIED, () -> put(ALICE, "a", bytes("x"), WriteCondition.ALWAYS));
    chmod("bucket", 0777);
    put("a", "root's");
    chmod("bucket/a", 0644);
    assertCode(ErrorCode.ACCESS_DENIED, () -> put(ALICE, "a", bytes("x"), WriteCondition.ALWAYS));
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.setTags(ALICE, BUCKET, key("a"), Map.of()));
    chmod("bucket/a", 0666);
    put(ALICE, "a", bytes("alice's"), WriteCondition.ALWAYS);
    assertThat(text("a")).isEqualTo("alice's");
    // Not hers to own: a replacement takes the owner of what it replaces.
    assertThat(at("bucket/a").uid()).isZero();
    assertThat(at("bucket/a").mode()).isEqualTo(0666);
    chmod("bucket", 0755);
    assertCode(
        ErrorCode.ACCESS_DENIED, () -> view.delete(ALICE, BUCKET, key("a"), WriteCondition.ALWAYS));
  }

  @Test
  void aReplacedFileDoesNotPassTheRightsItLentToOtherContent() {
    chmod("bucket", 0777);
    put("tool", "trusted");
    chmod("bucket/tool", 06777);
    put(ALICE, "tool", bytes("not trusted"), WriteCondition.ALWAYS);
    assertThat(at("bucket/tool").uid()).isZero();
    assertThat(at("bucket/tool").mode()).isEqualTo(0777);
  }

  @Test
  void aStickyDirectoryKeepsOthersObjects() {
    chmod("bucket", 01777);
    put(ALICE, "a", bytes("x"), WriteCondition.ALWAYS);
    chmod("bucket/a", 0666);
    assertCode(ErrorCode.NOT_PERMITTED, () -> put(BOB, "a", bytes("y"), WriteCondition.ALWAYS));
    assertCode(
        ErrorCode.NOT_PERMITTED, () -> view.delete(BOB, BUCKET, key("a"), WriteCondition.ALWAYS));
    assertThat(view.delete(ALICE, BUCKET, key("a"), WriteCondition.ALWAYS)).isTrue();
  }

  @Test
  void aListingShowsNothingBelowDirectoriesTheCallerCannotRead() {
    chmod("bucket", 0755);
    put("closed/a", "x");
    put("open/a", "x");
    chmod("bucket/open", 0755);
    ListRequest all = new ListRequest("", "", "", 10);
    assertThat(view.list(ALICE, BUCKET, all).items().stream().map(each -> each.key()))
        .containsExactly("open/a");
    ListRequest closed = new ListRequest("closed/", "", "", 10);
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.list(ALICE, BUCKET, closed));
    chmod("bucket", 0711);
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.list(ALICE, BUCKET, all));
  }

  // --- durability

  @Test
  void anAnswerOfTheBucketLevelSurvivesTheLossOfStaging() {
    byte[] content = Seeds.bytesOf(3, 600_000);
    put(
        volume.objects(Durability.BUCKET),
        ROOT,
        "a",
        content,
        ObjectProperties.NONE,
        WriteCondition.ALWAYS);
    put("b", Seeds.bytesOf(4, 600_000));
    CopySource staged = new CopySource(BUCKET, key("b"), ReadCondition.ALWAYS);
    volume
        .objects(Durability.BUCKET)
        .copy(ROOT, staged, BUCKET, key("c"), Optional.empty(), WriteCondition.ALWAYS);
    volume.loseStaging();
    useViews();
    assertThat(get("a")).isEqualTo(content);
    assertThat(get("c")).isEqualTo(Seeds.bytesOf(4, 600_000));
  }

  @Test
  void viewsOfAllLevelsShareAllState() {
    put("a", "x");
    assertThat(volume.objects(Durability.BUCKET).head(ROOT, BUCKET, key("a"))).isEqualTo(head("a"));
  }

  @Test
  void contentOfAnotherViewIsRefused() {
    ContentWriter foreign =
        new ContentWriter() {
          @Override
          public void write(ByteBuffer data) {}

          @Override
          public long length() {
            return 0;
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(() -> publish("a", foreign)).isInstanceOf(EngineException.class);
  }
}
