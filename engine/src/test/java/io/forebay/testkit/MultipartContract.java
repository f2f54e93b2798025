package io.forebay.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.BucketName;
import io.forebay.engine.ByteRange;
import io.forebay.engine.CompletedPart;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.CopySource;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.ObjectView;
import io.forebay.engine.OpenObject;
import io.forebay.engine.Page;
import io.forebay.engine.PartInfo;
import io.forebay.engine.ReadCondition;
import io.forebay.engine.UploadId;
import io.forebay.engine.UploadInfo;
import io.forebay.engine.WriteCondition;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every {@link ObjectView} does with multipart uploads. */
public abstract class MultipartContract extends ObjectViewFixture {
  private static final int FULL = (int) ObjectView.MIN_PART_SIZE;
  private static final SortedMap<String, String> NONE = new TreeMap<>();

  private UploadId begin(String key) {
    return view.createUpload(ROOT, BUCKET, key(key), ObjectProperties.NONE).id();
  }

  private PartInfo part(String key, UploadId upload, int number, byte[] content) {
    return part(key, upload, number, content, NONE);
  }

  private PartInfo part(
      String key,
      UploadId upload,
      int number,
      byte[] content,
      SortedMap<String, String> checksums) {
    try (ContentWriter writer = view.newContent(ROOT, content.length)) {
      writer.write(ByteBuffer.wrap(content));
      return view.putPart(ROOT, BUCKET, key(key), upload, number, writer, md5(content), checksums);
    }
  }

  private PartInfo copyPart(
      String from, Optional<ByteRange> range, String key, UploadId upload, int number) {
    CopySource source = new CopySource(BUCKET, key(from), ReadCondition.ALWAYS);
    return view.copyPart(ROOT, source, range, BUCKET, key(key), upload, number);
  }

  private static CompletedPart named(PartInfo part) {
    return new CompletedPart(part.number(), part.etag(), NONE);
  }

  private ObjectInfo complete(String key, UploadId upload, PartInfo... parts) {
    return complete(key, upload, WriteCondition.ALWAYS, parts);
  }

  private ObjectInfo complete(
      String key, UploadId upload, WriteCondition condition, PartInfo... parts) {
    List<CompletedPart> named = Arrays.stream(parts).map(MultipartContract::named).toList();
    return view.completeUpload(ROOT, BUCKET, key(key), upload, named, NONE, condition);
  }

  private static String etagOf(PartInfo... parts) {
    ByteArrayOutputStream digests = new ByteArrayOutputStream();
    for (PartInfo part : parts) {
      digests.writeBytes(HexFormat.of().parseHex(part.etag()));
    }
    return md5(digests.toByteArray()) + "-" + parts.length;
  }

  private static byte[] concatenation(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  // --- the way of an upload

  @Test
  void anObjectIsTheConcatenationOfTheNamedParts() {
    byte[] first = Seeds.bytesOf(1, FULL + 12_345);
    byte[] second = Seeds.bytesOf(2, FULL);
    byte[] last = Seeds.bytesOf(3, 777);
    ObjectProperties properties =
        metadata("color", "red").withChecksums(Map.of("crc32c", "COMPOSITE"));
    UploadId upload = view.createUpload(ROOT, BUCKET, key("dir/a"), properties).id();
    PartInfo three = part("dir/a", upload, 30, last);
    PartInfo one = part("dir/a", upload, 1, first);
    part("dir/a", upload, 15, Seeds.bytesOf(9, 100));
    PartInfo two = part("dir/a", upload, 2, second);
    assertThat(list("", "")).isEmpty();
    ObjectInfo done =
        view.completeUpload(
            ROOT,
            BUCKET,
            key("dir/a"),
            upload,
            List.of(named(one), named(two), named(three)),
            new TreeMap<>(Map.of("crc32c", "AAAA-3")),
            WriteCondition.ALWAYS);
    assertThat(done.etag()).isEqualTo(etagOf(one, two, three));
    assertThat(done.size()).isEqualTo(first.length + second.length + last.length);
    assertThat(done.properties())
        .isEqualTo(metadata("color", "red").withChecksums(Map.of("crc32c", "AAAA-3")));
    assertThat(head("dir/a")).isEqualTo(done);
    reopen();
    assertThat(head("dir/a")).isEqualTo(done);
    assertThat(get("dir/a")).isEqualTo(concatenation(first, second, last));
    assertThat(at("bucket/dir/a").spaceUsed()).isEqualTo(done.size());
    assertThat(at("bucket/dir/a").mode()).isEqualTo(0640);
  }

  @Test
  void aPartCanBeReplaced() {
    UploadId upload = begin("a");
    part("a", upload, 1, bytes("old"));
    PartInfo again = part("a", upload, 1, bytes("new"));
    assertThat(view.parts(ROOT, BUCKET, key("a"), upload, 0, 10).items()).containsExactly(again);
    complete("a", upload, again);
    assertThat(text("a")).isEqualTo("new");
  }

  @Test
  void anUploadSurvivesACrash() {
    UploadId upload = view.createUpload(ROOT, BUCKET, key("a"), metadata("x", "y")).id();
    PartInfo part = part("a", upload, 1, bytes("content"), new TreeMap<>(Map.of("sha1", "z=")));
    reopen();
    assertThat(view.parts(ROOT, BUCKET, key("a"), upload, 0, 10).items()).containsExactly(part);
    assertThat(part.checksums()).containsExactly(Map.entry("sha1", "z="));
    complete("a", upload, part);
    assertThat(text("a")).isEqualTo("content");
    assertThat(head("a").properties()).isEqualTo(metadata("x", "y"));
  }

  @Test
  void anEmptyLastPartIsAPart() {
    UploadId upload = begin("a");
    PartInfo only = part("a", upload, 1, new byte[0]);
    ObjectInfo done = complete("a", upload, only);
    assertThat(done.size()).isZero();
    assertThat(done.etag()).isEqualTo(etagOf(only));
    assertThat(get("a")).isEmpty();
  }

  @Test
  void completingReplacesTheObjectAtomically() {
    put("a", "old");
    UploadId upload = begin("a");
    PartInfo part = part("a", upload, 1, bytes("new"));
    try (OpenObject old = view.open(ROOT, BUCKET, key("a"))) {
      complete("a", upload, part);
      assertThat(all(old)).isEqualTo(bytes("old"));
    }
    assertThat(text("a")).isEqualTo("new");
  }

  // --- completing twice, and wrongly

  @Test
  void aRepeatedCompletionSucceedsWhileTheObjectStands() {
    UploadId upload = begin("a");
    PartInfo part = part("a", upload, 1, bytes("content"));
    ObjectInfo done = complete("a", upload, part);
    assertThat(complete("a", upload, part)).isEqualTo(done);
    reopen();
    assertThat(complete("a", upload, part)).isEqualTo(done);
    assertCode(
        ErrorCode.NO_SUCH_UPLOAD,
        () -> complete("a", upload, new PartInfo(1, md5(bytes("x")), 1, 0, NONE)));
    put("a", "another");
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> complete("a", upload, part));
    delete("a");
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> complete("a", upload, part));
  }

  @Test
  void aCompletedUploadIsOver() {
    UploadId upload = begin("a");
    PartInfo part = part("a", upload, 1, bytes("content"));
    complete("a", upload, part);
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> part("a", upload, 2, bytes("x")));
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> view.parts(ROOT, BUCKET, key("a"), upload, 0, 10));
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> view.upload(ROOT, BUCKET, key("a"), upload));
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> view.abortUpload(ROOT, BUCKET, key("a"), upload));
    assertThat(view.uploads(ROOT, BUCKET, "", "", Optional.empty(), 10).items()).isEmpty();
  }

  @Test
  void wrongPartsAreRefusedAndTheUploadGoesOn() {
    UploadId upload = begin("a");
    PartInfo one = part("a", upload, 1, bytes("one"), new TreeMap<>(Map.of("crc32", "right")));
    PartInfo two = part("a", upload, 2, bytes("two"));
    assertCode(ErrorCode.INVALID_PART_ORDER, () -> complete("a", upload, two, one));
    assertCode(ErrorCode.INVALID_PART_ORDER, () -> complete("a", upload, one, one));
    assertCode(ErrorCode.PART_TOO_SMALL, () -> complete("a", upload, one, two));
    assertCode(ErrorCode.INVALID_PART, () -> complete("a", upload));
    PartInfo unknown = new PartInfo(3, one.etag(), 3, 0, NONE);
    assertCode(ErrorCode.INVALID_PART, () -> complete("a", upload, unknown));
    PartInfo other = new PartInfo(1, two.etag(), 3, 0, NONE);
    assertCode(ErrorCode.INVALID_PART, () -> complete("a", upload, other));
    for (Map<String, String> wrong :
        List.of(Map.of("crc32", "wrong"), Map.of("crc32", "right", "sha1", "none"))) {
      List<CompletedPart> named = List.of(new CompletedPart(1, one.etag(), new TreeMap<>(wrong)));
      assertCode(
          ErrorCode.INVALID_PART,
          () ->
              view.completeUpload(
                  ROOT, BUCKET, key("a"), upload, named, NONE, WriteCondition.ALWAYS));
    }
    assertThat(exists("a")).isFalse();
    complete("a", upload, one);
    assertThat(text("a")).isEqualTo("one");
  }

  @Test
  void aConditionIsDecidedAtTheEndAndTheUploadOutlivesIt() {
    put("a", "there");
    UploadId upload = begin("a");
    PartInfo part = part("a", upload, 1, bytes("new"));
    assertCode(
        ErrorCode.CONDITION_FAILED, () -> complete("a", upload, WriteCondition.IF_ABSENT, part));
    delete("a");
    complete("a", upload, WriteCondition.IF_ABSENT, part);
    assertThat(text("a")).isEqualTo("new");
  }

  @Test
  void anUploadIsOfItsBucketAndKey() {
    UploadId upload = begin("a");
    PartInfo part = part("a", upload, 1, bytes("x"));
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> complete("b", upload, part));
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> part("b", upload, 1, bytes("x")));
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> view.abortUpload(ROOT, BUCKET, key("b"), upload));
    BucketName other = new BucketName("other-bucket");
    view.createBucket(ROOT, other);
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> view.upload(ROOT, other, key("a"), upload));
    for (String id : List.of("", "missing", "../x", "x".repeat(100))) {
      assertCode(
          ErrorCode.NO_SUCH_UPLOAD, () -> view.upload(ROOT, BUCKET, key("a"), new UploadId(id)));
    }
  }

  @Test
  void partNumbersAreBounded() {
    UploadId upload = begin("a");
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> part("a", upload, 0, bytes("x")));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> part("a", upload, 10_001, bytes("x")));
    part("a", upload, 10_000, bytes("x"));
  }

  // --- abort

  @Test
  void anAbortedUploadIsGoneWithItsParts() {
    UploadId upload = begin("a");
    PartInfo part = part("a", upload, 1, bytes("x"));
    view.abortUpload(ROOT, BUCKET, key("a"), upload);
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> complete("a", upload, part));
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> view.abortUpload(ROOT, BUCKET, key("a"), upload));
  }

  @Test
  void uploadsGoWithTheirBucket() {
    UploadId upload = begin("a");
    part("a", upload, 1, bytes("x"));
    view.deleteBucket(ROOT, BUCKET);
    view.createBucket(ROOT, BUCKET);
    assertCode(ErrorCode.NO_SUCH_UPLOAD, () -> view.upload(ROOT, BUCKET, key("a"), upload));
    assertThat(view.uploads(ROOT, BUCKET, "", "", Optional.empty(), 10).items()).isEmpty();
  }

  // --- copies of parts

  @Test
  void partsCanShareRangesOfObjects() {
    byte[] source = Seeds.bytesOf(5, 2 * FULL + 1000);
    put("source", source);
    UploadId upload = begin("a");
    PartInfo one = copyPart("source", Optional.of(new ByteRange(500, FULL)), "a", upload, 1);
    PartInfo two = copyPart("source", Optional.empty(), "a", upload, 2);
    PartInfo three = part("a", upload, 3, bytes("end"));
    assertThat(one.size()).isEqualTo(FULL);
    assertThat(one.etag()).matches("[0-9a-f]{32}").isNotEqualTo(two.etag());
    ObjectInfo done = complete("a", upload, one, two, three);
    assertThat(done.etag()).isEqualTo(etagOf(one, two, three));
    delete("source");
    reopen();
    assertThat(get("a"))
        .isEqualTo(
            concatenation(Arrays.copyOfRange(source, 500, 500 + FULL), source, bytes("end")));
    assertThat(at("bucket/a").spaceUsed()).isEqualTo(done.size());
  }

  @Test
  void aCopiedRangeLiesWithinItsSource() {
    put("source", "0123456789");
    UploadId upload = begin("a");
    assertCode(
        ErrorCode.INVALID_RANGE,
        () -> copyPart("source", Optional.of(new ByteRange(5, 6)), "a", upload, 1));
    assertCode(ErrorCode.NOT_FOUND, () -> copyPart("none", Optional.empty(), "a", upload, 1));
    PartInfo whole = copyPart("source", Optional.of(new ByteRange(5, 5)), "a", upload, 1);
    complete("a", upload, whole);
    assertThat(text("a")).isEqualTo("56789");
  }

  // --- listing

  @Test
  void partsArePagedInNumberOrder() {
    UploadId upload = begin("a");
    List<PartInfo> all = new ArrayList<>();
    for (int number : new int[] {7, 3, 9, 1, 10_000}) {
      all.add(part("a", upload, number, bytes("part " + number)));
    }
    all.sort((a, b) -> Integer.compare(a.number(), b.number()));
    for (int limit = 1; limit <= 6; limit++) {
      List<PartInfo> got = new ArrayList<>();
      Page<PartInfo> page;
      do {
        int after = got.isEmpty() ? 0 : got.getLast().number();
        page = view.parts(ROOT, BUCKET, key("a"), upload, after, limit);
        got.addAll(page.items());
      } while (page.truncated());
      assertThat(got).isEqualTo(all);
    }
    assertThat(view.parts(ROOT, BUCKET, key("a"), upload, 0, 0))
        .isEqualTo(new Page<>(List.of(), false));
  }

  @Test
  void uploadsArePagedByKeyAndThenById() {
    List<UploadInfo> all = new ArrayList<>();
    for (String key : List.of("b", "a/z", "a", "b", "a-", "b", "c/\u00e9", "b!")) {
      all.add(view.createUpload(ROOT, BUCKET, key(key), metadata("key", "of " + key)));
    }
    all.sort((a, b) ->
        Arrays.compareUnsigned(bytes(a.key() + "\0" + a.id()), bytes(b.key() + "\0" + b.id())));
    for (int limit = 1; limit <= 9; limit++) {
      assertThat(allUploads("", limit)).as("pages of " + limit).isEqualTo(all);
      assertThat(allUploads("b", limit))
          .isEqualTo(all.stream().filter(each -> each.key().value().startsWith("b")).toList());
    }
    assertThat(allUploads("zzz", 10)).isEmpty();
    assertThat(view.uploads(ROOT, BUCKET, "", "b", Optional.empty(), 10).items())
        .isEqualTo(all.stream().filter(each -> each.key().value().compareTo("b") > 0).toList());
  }

  private List<UploadInfo> allUploads(String prefix, int limit) {
    List<UploadInfo> got = new ArrayList<>();
    Page<UploadInfo> page;
    do {
      String after = got.isEmpty() ? "" : got.getLast().key().value();
      Optional<UploadId> id = got.isEmpty() ? Optional.empty() : Optional.of(got.getLast().id());
      page = view.uploads(ROOT, BUCKET, prefix, after, id, limit);
      got.addAll(page.items());
    } while (page.truncated());
    return got;
  }

  @Test
  void anUploadShowsWhatItWasBegunWith() {
    ObjectProperties properties =
        metadata("a", "b").withChecksums(Map.of("crc64nvme", "FULL_OBJECT"));
    UploadInfo begun = view.createUpload(ROOT, BUCKET, key("k"), properties);
    assertThat(begun.properties()).isEqualTo(properties);
    assertThat(begun.id().value()).matches("[A-Za-z0-9_-]{20,64}");
    assertThat(view.upload(ROOT, BUCKET, key("k"), begun.id())).isEqualTo(begun);
  }

  // --- refusals

  @Test
  void anUploadNeedsTheRightsAndThePathOfAPut() {
    put("file", "x");
    assertCode(ErrorCode.OBJECT_PARENT_IS_FILE, () -> begin("file/b"));
    mkdir("bucket/dir", 0755);
    assertCode(ErrorCode.OBJECT_IS_DIRECTORY, () -> begin("dir"));
    assertCode(ErrorCode.DIRECTORY_OBJECT_HAS_DATA, () -> begin("new/"));
    chmod("bucket", 0755);
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> view.createUpload(ALICE, BUCKET, key("a"), ObjectProperties.NONE));
    UploadId upload = begin("a");
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.upload(ALICE, BUCKET, key("a"), upload));
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.abortUpload(ALICE, BUCKET, key("a"), upload));
  }

  @Test
  void aPathThatWasTakenMeanwhileIsRefusedAtTheEnd() {
    UploadId upload = begin("a/b");
    PartInfo part = part("a/b", upload, 1, bytes("x"));
    put("a", "a file now");
    assertCode(ErrorCode.OBJECT_PARENT_IS_FILE, () -> complete("a/b", upload, part));
    assertThat(text("a")).isEqualTo("a file now");
    view.abortUpload(ROOT, BUCKET, key("a/b"), upload);
    assertThat(view.uploads(ROOT, BUCKET, "", "", Optional.empty(), 10).items()).isEmpty();
  }

  @Test
  void whoBeganAnUploadSeesItThrough() {
    chmod("bucket", 0777);
    UploadId upload = view.createUpload(ALICE, BUCKET, key("a"), ObjectProperties.NONE).id();
    chmod("bucket", 0755);
    assertThat(view.parts(ALICE, BUCKET, key("a"), upload, 0, 10).items()).isEmpty();
    assertCode(ErrorCode.ACCESS_DENIED, () -> view.upload(BOB, BUCKET, key("a"), upload));
    List<CompletedPart> parts = List.of(named(part("a", upload, 1, bytes("x"))));
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () ->
            view.completeUpload(
                ALICE, BUCKET, key("a"), upload, parts, NONE, WriteCondition.ALWAYS));
    view.abortUpload(ALICE, BUCKET, key("a"), upload);
  }
}
