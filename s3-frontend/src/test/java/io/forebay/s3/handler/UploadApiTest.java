package io.forebay.s3.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ContentDigest;
import io.forebay.s3.handler.Api.Answer;
import io.forebay.s3.http.Headers;
import io.forebay.s3.op.Heads;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UploadApiTest {
  private static final String START = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  private static final String NS = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  private static final String ID =
      "90e8042a4eadc5aaf490d88d7d349320dc5bfb45320aaa3a877f9f41e0270033";
  private static final String WHO = "<ID>" + ID + "</ID><DisplayName>1000</DisplayName>";
  private static final int PART = 5 << 20;

  @TempDir private Path directory;
  private Api api;

  @BeforeEach
  void open() {
    api = new Api(directory);
    api.send("PUT", "/bucket");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private static String code(Answer answer) {
    return answer.status() + " " + element(answer, "Code");
  }

  private static String element(Answer answer, String name) {
    return Pattern.compile("<" + name + ">([^<]*)</" + name + ">")
        .matcher(answer.text())
        .results()
        .map(each -> each.group(1))
        .findFirst()
        .orElse("");
  }

  private String create(String key, String... headers) {
    Answer answer = api.send("POST", "/bucket/" + key + "?uploads", headers);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return element(answer, "UploadId");
  }

  private Answer put(String key, String upload, int number, byte[] bytes, String... headers) {
    return api.sendBytes(
        "PUT", "/bucket/" + key + "?partNumber=" + number + "&uploadId=" + upload, bytes, headers);
  }

  private Answer complete(String key, String upload, String parts, String... headers) {
    return api.sendText(
        "POST",
        "/bucket/" + key + "?uploadId=" + upload,
        "<CompleteMultipartUpload" + NS + parts + "</CompleteMultipartUpload>",
        headers);
  }

  private static String part(int number, String etag) {
    return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + etag + "</ETag></Part>";
  }

  private static String checksum(ChecksumAlgorithm algorithm, byte[] bytes) {
    ContentDigest digest = algorithm.start();
    digest.update(ByteBuffer.wrap(bytes));
    return Base64.getEncoder().encodeToString(digest.finish());
  }

  @Test
  void partsBecomeAnObject() {
    String upload = create("a/b", "Content-Type", "text/plain", "x-amz-meta-k", "v");
    byte[] first = Seeds.bytesOf(1, PART);
    byte[] second = Seeds.bytesOf(2, 100);
    String two = put("a/b", upload, 7, second).header("ETag");
    String one = put("a/b", upload, 2, first).header("ETag");
    assertThat(api.send("HEAD", "/bucket/a/b").status()).isEqualTo(404);
    Answer done = complete("a/b", upload, part(2, one) + part(7, two.replace("\"", "&quot;")));
    assertThat(done.status()).isEqualTo(200);
    String etag = element(done, "ETag").replace("&quot;", "\"");
    assertThat(etag).matches("\"[0-9a-f]{32}-2\"");
    assertThat(done.text())
        .isEqualTo(
            START
                + "<CompleteMultipartUploadResult"
                + NS
                + "<Location>http://s3.test/bucket/a/b</Location><Bucket>bucket</Bucket>"
                + "<Key>a/b</Key><ETag>"
                + etag.replace("\"", "&quot;")
                + "</ETag></CompleteMultipartUploadResult>");
    Answer got = api.send("GET", "/bucket/a/b");
    assertThat(got.header("ETag")).isEqualTo(etag);
    assertThat(got.header("Content-Type")).isEqualTo("text/plain");
    assertThat(got.header("x-amz-meta-k")).isEqualTo("v");
    assertThat(Arrays.copyOf(got.body(), PART)).isEqualTo(first);
    assertThat(Arrays.copyOfRange(got.body(), PART, got.body().length)).isEqualTo(second);
    // Said twice, it is done once.
    Answer again = complete("a/b", upload, part(2, one) + part(7, two));
    assertThat(again.text()).isEqualTo(done.text());
    assertThat(code(api.send("GET", "/bucket/a/b?uploadId=" + upload)))
        .isEqualTo("404 NoSuchUpload");
  }

  @Test
  void partsCanBeReadOneByOne() {
    String upload = create("m");
    byte[] first = Seeds.bytesOf(1, PART);
    byte[] last = Seeds.bytesOf(2, 100);
    String one = put("m", upload, 3, first).header("ETag");
    String two = put("m", upload, 9, last).header("ETag");
    complete("m", upload, part(3, one) + part(9, two));
    Answer part = api.send("GET", "/bucket/m?partNumber=2");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(last);
    assertThat(part.header("x-amz-mp-parts-count")).isEqualTo("2");
    assertThat(part.header("Content-Range"))
        .isEqualTo("bytes " + PART + "-" + (PART + 99) + "/" + (PART + 100));
    Answer head = api.send("HEAD", "/bucket/m?partNumber=1");
    assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(PART));
    Answer beyond = api.send("GET", "/bucket/m?partNumber=3");
    assertThat(code(beyond)).isEqualTo("416 InvalidPartNumber");
    assertThat(element(beyond, "ActualPartCount")).isEqualTo("2");
    assertThat(api.send("HEAD", "/bucket/m").header("x-amz-mp-parts-count")).isEmpty();
    // A copy has the same bytes, and so the same parts.
    api.send("PUT", "/bucket/copy", "x-amz-copy-source", "bucket/m");
    assertThat(api.send("GET", "/bucket/copy?partNumber=2").body()).isEqualTo(last);
    String[] attributes = {"x-amz-object-attributes", "ObjectParts,Checksum"};
    assertThat(api.send("GET", "/bucket/m?attributes", attributes).text())
        .isEqualTo(
            START
                + "<GetObjectAttributesResponse"
                + NS
                + "<ObjectParts><PartsCount>2</PartsCount></ObjectParts>"
                + "</GetObjectAttributesResponse>");
  }

  @Test
  void theDocumentsAreWrittenExactly() {
    Answer created =
        api.send(
            "POST",
            "/bucket/a%20b?uploads",
            "x-amz-checksum-algorithm",
            "CRC32",
            "x-amz-checksum-type",
            "FULL_OBJECT");
    String upload = element(created, "UploadId");
    assertThat(created.text())
        .isEqualTo(
            START
                + "<InitiateMultipartUploadResult"
                + NS
                + "<Bucket>bucket</Bucket><Key>a b</Key><UploadId>"
                + upload
                + "</UploadId></InitiateMultipartUploadResult>");
    assertThat(created.header("x-amz-checksum-algorithm")).isEqualTo("CRC32");
    assertThat(created.header("x-amz-checksum-type")).isEqualTo("FULL_OBJECT");
    Answer put = put("a%20b", upload, 3, new byte[] {'a'});
    assertThat(put.headers())
        .isEqualTo(
            Headers.of(
                "ETag",
                "\"0cc175b9c0f1b6a831c399e269772661\"",
                "x-amz-checksum-crc32",
                "6Le+Qw=="));
    put("a%20b", upload, 4, new byte[] {'a'});
    assertThat(
            api.send(
                    "GET",
                    "/bucket/a%20b?max-parts=1&part-number-marker=2&encoding-type=url&uploadId="
                        + upload)
                .text())
        .isEqualTo(
            START
                + "<ListPartsResult"
                + NS
                + "<Bucket>bucket</Bucket><Key>a%20b</Key><EncodingType>url</EncodingType>"
                + "<UploadId>"
                + upload
                + "</UploadId><Initiator>"
                + WHO
                + "</Initiator><Owner>"
                + WHO
                + "</Owner><StorageClass>STANDARD</StorageClass>"
                + "<PartNumberMarker>2</PartNumberMarker>"
                + "<NextPartNumberMarker>3</NextPartNumberMarker><MaxParts>1</MaxParts>"
                + "<IsTruncated>true</IsTruncated><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"
                + "<ChecksumType>FULL_OBJECT</ChecksumType><Part><PartNumber>3</PartNumber>"
                + "<LastModified>2026-01-01T00:00:00.000Z</LastModified>"
                + "<ETag>&quot;0cc175b9c0f1b6a831c399e269772661&quot;</ETag>"
                + "<ChecksumCRC32>6Le+Qw==</ChecksumCRC32><Size>1</Size></Part>"
                + "</ListPartsResult>");
    assertThat(api.send("GET", "/bucket?uploads&max-uploads=1&prefix=a&encoding-type=url").text())
        .isEqualTo(
            START
                + "<ListMultipartUploadsResult"
                + NS
                + "<Bucket>bucket</Bucket><KeyMarker/><UploadIdMarker/><Prefix>a</Prefix>"
                + "<EncodingType>url</EncodingType><MaxUploads>1</MaxUploads>"
                + "<IsTruncated>false</IsTruncated><Upload><Key>a%20b</Key><UploadId>"
                + upload
                + "</UploadId><Initiator>"
                + WHO
                + "</Initiator><Owner>"
                + WHO
                + "</Owner><StorageClass>STANDARD</StorageClass>"
                + "<Initiated>2026-01-01T00:00:00.000Z</Initiated>"
                + "<ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"
                + "<ChecksumType>FULL_OBJECT</ChecksumType></Upload>"
                + "</ListMultipartUploadsResult>");
  }

  @Test
  void uploadsRollUpAndComeInPages() {
    List<String> all = new ArrayList<>();
    for (String key : List.of("a", "b/1", "b/2", "c", "c", "d/x/y", "e")) {
      all.add(key + " " + create(key));
    }
    List<String> seen = new ArrayList<>();
    String marker = "";
    int pages = 0;
    while (true) {
      Answer page = api.send("GET", "/bucket?uploads&delimiter=/&max-uploads=2" + marker);
      Pattern.compile("<Key>([^<]*)</Key><UploadId>([^<]*)<|<Prefix>([^<]+)</Prefix>")
          .matcher(page.text())
          .results()
          .forEach(each ->
              seen.add(
                  each.group(1) == null ? each.group(3) : each.group(1) + " " + each.group(2)));
      pages++;
      if (element(page, "IsTruncated").equals("false")) {
        break;
      }
      marker =
          "&key-marker="
              + element(page, "NextKeyMarker")
              + "&upload-id-marker="
              + element(page, "NextUploadIdMarker");
    }
    assertThat(pages).isEqualTo(3);
    assertThat(seen)
        .containsExactlyInAnyOrder(all.get(0), "b/", all.get(3), all.get(4), "d/", all.get(6));
    assertThat(element(api.send("GET", "/bucket?uploads&max-uploads=0"), "IsTruncated"))
        .isEqualTo("false");
  }

  @ParameterizedTest
  @EnumSource(ChecksumAlgorithm.class)
  void theWholeHasAChecksumOfItsParts(ChecksumAlgorithm algorithm) {
    byte[] all = Seeds.bytesOf(3, PART + 1234);
    byte[] first = Arrays.copyOf(all, PART);
    byte[] second = Arrays.copyOfRange(all, PART, all.length);
    List<String> types = new ArrayList<>();
    if (algorithm.isLinear()) {
      types.add("FULL_OBJECT");
    }
    if (algorithm != ChecksumAlgorithm.CRC64NVME) {
      types.add("COMPOSITE");
    }
    for (String type : types) {
      String upload =
          create("m", "x-amz-checksum-algorithm", algorithm.name(), "x-amz-checksum-type", type);
      String one = put("m", upload, 1, first).header("ETag");
      Answer two = put("m", upload, 2, second, algorithm.header(), checksum(algorithm, second));
      assertThat(two.header(algorithm.header())).isEqualTo(checksum(algorithm, second));
      String whole = whole(algorithm, type, all, first, second);
      String parts = part(1, one) + part(2, two.header("ETag"));
      String wrong = algorithm.header().equals("x-amz-checksum-crc32") ? "AAAAAA==" : whole + "x";
      if (algorithm == ChecksumAlgorithm.CRC32) {
        assertThat(code(complete("m", upload, parts, algorithm.header(), wrong)))
            .isEqualTo("400 BadDigest");
      }
      Answer done =
          complete(
              "m",
              upload,
              parts,
              algorithm.header(),
              whole,
              "x-amz-checksum-type",
              type,
              "x-amz-mp-object-size",
              Integer.toString(all.length));
      assertThat(element(done, algorithm.element())).isEqualTo(whole);
      assertThat(element(done, "ChecksumType")).isEqualTo(type);
      Answer head = api.send("HEAD", "/bucket/m", "x-amz-checksum-mode", "ENABLED");
      assertThat(head.header(algorithm.header())).isEqualTo(whole);
      assertThat(head.header("x-amz-checksum-type")).isEqualTo(type);
    }
  }

  private static String whole(
      ChecksumAlgorithm algorithm, String type, byte[] all, byte[] first, byte[] second) {
    if (type.equals("FULL_OBJECT")) {
      return checksum(algorithm, all);
    }
    ContentDigest digest = algorithm.start();
    digest.update(ByteBuffer.wrap(Base64.getDecoder().decode(checksum(algorithm, first))));
    digest.update(ByteBuffer.wrap(Base64.getDecoder().decode(checksum(algorithm, second))));
    return Base64.getEncoder().encodeToString(digest.finish()) + "-2";
  }

  @Test
  void checksumsOfPartsHaveToFit() {
    String upload = create("m", "x-amz-checksum-algorithm", "CRC32");
    byte[] a = {'a'};
    assertThat(code(put("m", upload, 1, a, "x-amz-checksum-crc32", "AAAAAA==")))
        .isEqualTo("400 BadDigest");
    assertThat(
            code(
                put("m", upload, 1, a, "x-amz-checksum-sha1", checksum(ChecksumAlgorithm.SHA1, a))))
        .isEqualTo("400 InvalidRequest");
    String etag = put("m", upload, 1, a).header("ETag");
    String part =
        "<Part><PartNumber>1</PartNumber><ETag>%s</ETag><ChecksumCRC32>%s</ChecksumCRC32></Part>";
    assertThat(code(complete("m", upload, part.formatted(etag, "AAAAAA=="))))
        .isEqualTo("400 InvalidPart");
    String[] type = {"x-amz-checksum-type", "FULL_OBJECT"};
    assertThat(code(complete("m", upload, part(1, etag), type))).isEqualTo("400 InvalidRequest");
    String[] size = {"x-amz-mp-object-size", "2"};
    assertThat(code(complete("m", upload, part(1, etag), size))).isEqualTo("400 InvalidRequest");
    assertThat(complete("m", upload, part.formatted(etag, "6Le+Qw==")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "CRC64NVME, COMPOSITE",
    "SHA256, FULL_OBJECT",
    "SHA1, FULL_OBJECT",
    "MD5, COMPOSITE",
    "CRC32, WHOLE",
  })
  void someChecksumsAreNotOffered(String algorithm, String type) {
    assertThat(
            code(
                api.send(
                    "POST",
                    "/bucket/m?uploads",
                    "x-amz-checksum-algorithm",
                    algorithm,
                    "x-amz-checksum-type",
                    type)))
        .isEqualTo("400 InvalidRequest");
  }

  @Test
  void completionsThatCannotBeAreRefused() {
    String upload = create("m");
    byte[] small = {'a'};
    String one = put("m", upload, 1, small).header("ETag");
    String two = put("m", upload, 2, small).header("ETag");
    assertThat(code(complete("m", upload, part(1, one) + part(2, two))))
        .isEqualTo("400 EntityTooSmall");
    assertThat(code(complete("m", upload, part(2, two) + part(1, one))))
        .isEqualTo("400 InvalidPartOrder");
    assertThat(code(complete("m", upload, part(1, one) + part(1, one))))
        .isEqualTo("400 InvalidPartOrder");
    assertThat(code(complete("m", upload, part(3, one)))).isEqualTo("400 InvalidPart");
    assertThat(code(complete("m", upload, part(1, "0".repeat(32))))).isEqualTo("400 InvalidPart");
    assertThat(code(complete("m", upload, part(0, one)))).isEqualTo("400 InvalidArgument");
    assertThat(code(complete("m", upload, part(10_001, one)))).isEqualTo("400 InvalidArgument");
    assertThat(code(complete("m", upload, ""))).isEqualTo("400 MalformedXML");
    assertThat(code(complete("m", upload, "<Part><PartNumber>1</PartNumber></Part>")))
        .isEqualTo("400 MalformedXML");
    assertThat(code(complete("m", upload, part(1, one) + "<Other/>")))
        .isEqualTo("400 MalformedXML");
    assertThat(code(complete("other", upload, part(1, one)))).isEqualTo("404 NoSuchUpload");
    assertThat(code(complete("m", "nothing", part(1, one)))).isEqualTo("404 NoSuchUpload");
    assertThat(api.send("HEAD", "/bucket/m").status()).isEqualTo(404);
    assertThat(complete("m", upload, part(1, one)).status()).isEqualTo(200);
  }

  @Test
  void completionsAreConditional() {
    api.sendText("PUT", "/bucket/m", "old");
    String upload = create("m");
    String one = put("m", upload, 1, new byte[] {'a'}).header("ETag");
    String[] absent = {"If-None-Match", "*"};
    assertThat(code(complete("m", upload, part(1, one), absent)))
        .isEqualTo("412 PreconditionFailed");
    String[] other = {"If-Match", "\"x\""};
    assertThat(code(complete("m", upload, part(1, one), other)))
        .isEqualTo("412 PreconditionFailed");
    assertThat(api.send("GET", "/bucket/m").text()).isEqualTo("old");
    String[] same = {"If-Match", api.send("HEAD", "/bucket/m").header("ETag")};
    assertThat(complete("m", upload, part(1, one), same).status()).isEqualTo(200);
    assertThat(api.send("GET", "/bucket/m").text()).isEqualTo("a");
  }

  @Test
  void partsAreReplacedAndUploadsAborted() {
    String upload = create("m");
    put("m", upload, 1, new byte[] {'a'});
    String second = put("m", upload, 1, new byte[] {'b'}).header("ETag");
    String listed = api.send("GET", "/bucket/m?uploadId=" + upload).text();
    assertThat(listed).contains(second.replace("\"", "&quot;")).doesNotContain("0cc175b9");
    assertThat(api.send("DELETE", "/bucket/m?uploadId=" + upload).status()).isEqualTo(204);
    assertThat(code(api.send("DELETE", "/bucket/m?uploadId=" + upload)))
        .isEqualTo("404 NoSuchUpload");
    TestBody unread = new TestBody(new byte[5_000]);
    String target = "/bucket/m?partNumber=1&uploadId=" + upload;
    assertThat(code(api.send(Heads.of("PUT", target, 5_000, Headers.NONE), unread)))
        .isEqualTo("404 NoSuchUpload");
    assertThat(unread.position()).as("bytes read").isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "partNumber=0&uploadId=u, 400 InvalidArgument",
    "partNumber=10001&uploadId=u, 400 InvalidArgument",
    "partNumber=x&uploadId=u, 400 InvalidArgument",
    "uploadId=u, 400 InvalidRequest",
    "partNumber=1, 400 InvalidRequest",
    "partNumber=1&uploadId=, 404 NoSuchUpload",
    "partNumber=1&uploadId=../x, 404 NoSuchUpload",
  })
  void partsNeedANumberAndAnUpload(String query, String expected) {
    assertThat(code(api.sendText("PUT", "/bucket/m?" + query, "x"))).isEqualTo(expected);
  }

  @Test
  void partsAreCopiedFromObjects() {
    byte[] source = Seeds.bytesOf(4, PART + 500);
    api.sendBytes("PUT", "/bucket/source", source);
    String upload = create("m");
    String target = "/bucket/m?uploadId=" + upload + "&partNumber=";
    String[] whole = {"x-amz-copy-source", "bucket/source"};
    Answer one = api.send("PUT", target + 1, whole);
    assertThat(one.text())
        .startsWith(
            START
                + "<CopyPartResult"
                + NS
                + "<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;");
    String[] some = {
      "x-amz-copy-source", "/bucket/source", "x-amz-copy-source-range", "bytes=10-19"
    };
    Answer two = api.send("PUT", target + 2, some);
    String parts = part(1, element(one, "ETag")) + part(2, element(two, "ETag"));
    assertThat(complete("m", upload, parts).status()).isEqualTo(200);
    byte[] expected = Arrays.copyOf(source, source.length + 10);
    System.arraycopy(source, 10, expected, source.length, 10);
    assertThat(api.send("GET", "/bucket/m").body()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "bucket/source, bytes=0-3, 400 InvalidArgument",
    "bucket/source, bytes=0-, 400 InvalidArgument",
    "bucket/source, bytes=2-1, 400 InvalidArgument",
    "bucket/source, bytes=0-6000000000, 400 InvalidRequest",
    "bucket/missing, bytes=0-1, 404 NoSuchKey",
    "missing/source, bytes=0-1, 404 NoSuchBucket",
    "bucket, bytes=0-1, 400 InvalidArgument",
    "bucket/%zz, bytes=0-1, 400 InvalidArgument",
    "bucket/source?versionId=1, bytes=0-1, 400 InvalidArgument",
  })
  void copiesOfPartsThatCannotBe(String source, String range, String expected) {
    api.sendText("PUT", "/bucket/source", "abc");
    String upload = create("m");
    assertThat(
            code(
                api.send(
                    "PUT",
                    "/bucket/m?partNumber=1&uploadId=" + upload,
                    "x-amz-copy-source",
                    source,
                    "x-amz-copy-source-range",
                    range)))
        .isEqualTo(expected);
  }

  @Test
  void copiedPartsLeaveTheWholeWithoutAChecksum() {
    api.sendText("PUT", "/bucket/source", "abc");
    String upload = create("m", "x-amz-checksum-algorithm", "CRC32");
    Answer one =
        api.send(
            "PUT",
            "/bucket/m?partNumber=1&uploadId=" + upload,
            "x-amz-copy-source",
            "bucket/source");
    String parts = part(1, element(one, "ETag"));
    String[] unknown = {"x-amz-checksum-crc32", "AAAAAA==-1"};
    assertThat(code(complete("m", upload, parts, unknown))).isEqualTo("400 InvalidRequest");
    Answer done = complete("m", upload, parts);
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.text()).doesNotContain("Checksum");
  }
}
