package io.forebay.s3.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ContentDigest;
import io.forebay.s3.handler.Api.Answer;
import io.forebay.s3.http.Headers;
import io.forebay.s3.op.Heads;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectApiTest {
  private static final String A_ETAG = "\"0cc175b9c0f1b6a831c399e269772661\"";
  private static final String A_MD5 = "DMF1ucDxtqgxw5niaXcmYQ==";

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
    return answer.status() + " " + answer.text().replaceFirst("(?s).*<Code>(.*)</Code>.*", "$1");
  }

  private static String checksum(ChecksumAlgorithm algorithm, byte[] bytes) {
    ContentDigest digest = algorithm.start();
    digest.update(ByteBuffer.wrap(bytes));
    return Base64.getEncoder().encodeToString(digest.finish());
  }

  // --- what is put is what is got

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1000, 1001, 262_144, 262_145, 5_000_000})
  void bytesComeBack(int size) {
    byte[] bytes = Seeds.bytesOf(size, size);
    assertThat(api.sendBytes("PUT", "/bucket/a/b", bytes).status()).isEqualTo(200);
    Answer got = api.send("GET", "/bucket/a/b");
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(bytes);
    Answer head = api.send("HEAD", "/bucket/a/b");
    assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(size));
    assertThat(head.header("ETag")).isEqualTo(got.header("ETag"));
    assertThat(head.body()).isEmpty();
  }

  @Test
  void headersTagsAndMetadataComeBack() {
    api.sendText(
        "PUT",
        "/bucket/a",
        "a",
        "Content-Type",
        "text/plain; charset=utf-8",
        "Cache-Control",
        "max-age=60",
        "Content-Disposition",
        "attachment; filename=\"ä.txt\"",
        "Content-Encoding",
        "aws-chunked, gzip",
        "Content-Language",
        "de",
        "Expires",
        "Thu, 01 Dec 2094 16:00:00 GMT",
        "X-Amz-Meta-Mtime",
        "1445412480.5",
        "x-amz-meta-ünicode",
        "wörld",
        "x-amz-meta-mtime",
        "again",
        "x-amz-tagging",
        "a=b&c%20d=",
        "x-amz-storage-class",
        "STANDARD");
    Answer answer = api.send("GET", "/bucket/a");
    assertThat(answer.headers())
        .isEqualTo(
            Headers.of(
                "Last-Modified",
                "Thu, 01 Jan 2026 00:00:00 GMT",
                "ETag",
                A_ETAG,
                "Accept-Ranges",
                "bytes",
                "Cache-Control",
                "max-age=60",
                "Content-Disposition",
                "attachment; filename=\"ä.txt\"",
                "Content-Encoding",
                "gzip",
                "Content-Language",
                "de",
                "Content-Type",
                "text/plain; charset=utf-8",
                "Expires",
                "Thu, 01 Dec 2094 16:00:00 GMT",
                "x-amz-meta-mtime",
                "1445412480.5,again",
                "x-amz-meta-ünicode",
                "wörld",
                "x-amz-tagging-count",
                "2"));
  }

  @Test
  void withoutATypeItIsJustBytes() {
    api.sendText("PUT", "/bucket/a", "a");
    assertThat(api.send("HEAD", "/bucket/a").header("Content-Type"))
        .isEqualTo("binary/octet-stream");
  }

  @Test
  void theAnswerCanBeDressedOtherwise() {
    api.sendText("PUT", "/bucket/a", "a", "Content-Type", "text/plain");
    Answer answer =
        api.send(
            "GET",
            "/bucket/a?response-content-type=text/html&response-content-disposition=inline"
                + "&response-cache-control=no-store&response-content-language=fr"
                + "&response-content-encoding=br&response-expires=0");
    assertThat(answer.header("Content-Type")).isEqualTo("text/html");
    assertThat(answer.header("Content-Disposition")).isEqualTo("inline");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.header("Content-Language")).isEqualTo("fr");
    assertThat(answer.header("Content-Encoding")).isEqualTo("br");
    assertThat(answer.header("Expires")).isEqualTo("0");
  }

  // --- reading some of it

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 206, a, bytes 0-0/6",
    "bytes=2-, 206, cdef, bytes 2-5/6",
    "bytes=-2, 206, ef, bytes 4-5/6",
    "bytes=0-99, 206, abcdef, bytes 0-5/6",
    "'bytes=0-1,3-4', 200, abcdef, ''",
    "nonsense, 200, abcdef, ''",
  })
  void ranges(String range, int status, String body, String contentRange) {
    api.sendText("PUT", "/bucket/a", "abcdef");
    Answer answer = api.send("GET", "/bucket/a", "Range", range);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).isEqualTo(body);
    assertThat(answer.header("Content-Range")).isEqualTo(contentRange);
    Answer head = api.send("HEAD", "/bucket/a", "Range", range);
    assertThat(head.status()).isEqualTo(status);
    assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(body.length()));
  }

  @Test
  void aRangeBeyondTheEndTellsTheSize() {
    api.sendText("PUT", "/bucket/a", "abcdef");
    Answer answer = api.send("GET", "/bucket/a", "Range", "bytes=6-");
    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.header("Content-Range")).isEqualTo("bytes */6");
    assertThat(answer.text())
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<Error><Code>InvalidRange</Code>"
                + "<Message>The requested range is not satisfiable</Message>"
                + "<RangeRequested>bytes=6-</RangeRequested>"
                + "<ActualObjectSize>6</ActualObjectSize><Resource>/bucket/a</Resource>"
                + "<RequestId>4442587FB7D0A2F9</RequestId><HostId>host</HostId></Error>");
    api.send("PUT", "/bucket/empty");
    assertThat(code(api.send("GET", "/bucket/empty", "Range", "bytes=0-")))
        .isEqualTo("416 InvalidRange");
    assertThat(api.send("GET", "/bucket/empty").status()).isEqualTo(200);
  }

  @Test
  void aRangeOfAnotherObjectIsTheWhole() {
    api.sendText("PUT", "/bucket/a", "a");
    String[] same = {"Range", "bytes=0-0", "If-Range", A_ETAG};
    assertThat(api.send("GET", "/bucket/a", same).status()).isEqualTo(206);
    String[] other = {"Range", "bytes=0-0", "If-Range", "\"x\""};
    assertThat(api.send("GET", "/bucket/a", other).status()).isEqualTo(200);
    String[] date = {"Range", "bytes=0-0", "If-Range", "Thu, 01 Jan 2026 00:00:00 GMT"};
    assertThat(api.send("GET", "/bucket/a", date).status()).isEqualTo(206);
  }

  @Test
  void anObjectInOnePieceIsItsFirstPart() {
    api.sendText("PUT", "/bucket/a", "abc");
    Answer part = api.send("GET", "/bucket/a?partNumber=1");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.header("Content-Range")).isEqualTo("bytes 0-2/3");
    assertThat(code(api.send("GET", "/bucket/a?partNumber=2"))).isEqualTo("416 InvalidPartNumber");
    assertThat(code(api.send("GET", "/bucket/a?partNumber=0"))).isEqualTo("400 InvalidArgument");
    assertThat(code(api.send("GET", "/bucket/a?partNumber=1", "Range", "bytes=0-1")))
        .isEqualTo("400 InvalidRequest");
  }

  // --- conditions

  @Test
  void whatTheClientHasIsNotSentAgain() {
    api.sendText("PUT", "/bucket/a", "a", "Cache-Control", "max-age=1", "x-amz-meta-b", "c");
    Answer answer = api.send("GET", "/bucket/a", "If-None-Match", A_ETAG);
    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers())
        .isEqualTo(
            Headers.of(
                "Last-Modified",
                "Thu, 01 Jan 2026 00:00:00 GMT",
                "ETag",
                A_ETAG,
                "Cache-Control",
                "max-age=1"));
    assertThat(api.send("HEAD", "/bucket/a", "If-None-Match", "*").status()).isEqualTo(304);
  }

  @Test
  void aReadConditionThatFailsIsNamed() {
    api.sendText("PUT", "/bucket/a", "a");
    Answer answer = api.send("GET", "/bucket/a", "If-Match", "\"x\"");
    assertThat(code(answer)).isEqualTo("412 PreconditionFailed");
    assertThat(answer.text()).contains("<Condition>If-Match</Condition>");
    assertThat(
            api.send("GET", "/bucket/a", "If-Unmodified-Since", "Wed, 31 Dec 2025 00:00:00 GMT")
                .text())
        .contains("<Condition>If-Unmodified-Since</Condition>");
  }

  @Test
  void writesAreConditional() {
    assertThat(api.sendText("PUT", "/bucket/a", "a", "If-None-Match", "*").status()).isEqualTo(200);
    Answer second = api.sendText("PUT", "/bucket/a", "b", "If-None-Match", "*");
    assertThat(code(second)).isEqualTo("412 PreconditionFailed");
    assertThat(second.text()).contains("<Condition>If-None-Match</Condition>");
    assertThat(code(api.sendText("PUT", "/bucket/a", "b", "If-Match", "\"x\"")))
        .isEqualTo("412 PreconditionFailed");
    assertThat(api.send("GET", "/bucket/a").text()).isEqualTo("a");
    assertThat(api.sendText("PUT", "/bucket/a", "b", "If-Match", A_ETAG).status()).isEqualTo(200);
    assertThat(code(api.sendText("PUT", "/bucket/new", "b", "If-Match", A_ETAG)))
        .isEqualTo("404 NoSuchKey");
  }

  @ParameterizedTest
  @CsvSource({
    "If-None-Match, \"x\"",
    "If-Modified-Since, 'Wed, 31 Dec 2025 00:00:00 GMT'",
    "If-Unmodified-Since, 'Wed, 31 Dec 2025 00:00:00 GMT'",
  })
  void conditionsThatWritesDoNotHaveAreRefused(String name, String value) {
    assertThat(code(api.sendText("PUT", "/bucket/a", "a", name, value)))
        .isEqualTo("501 NotImplemented");
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(404);
  }

  @Test
  void deletesAreConditional() {
    api.sendText("PUT", "/bucket/a", "a");
    assertThat(code(api.send("DELETE", "/bucket/a", "If-Match", "\"x\"")))
        .isEqualTo("412 PreconditionFailed");
    assertThat(code(api.send("DELETE", "/bucket/a", "x-amz-if-match-size", "1")))
        .isEqualTo("501 NotImplemented");
    assertThat(api.send("DELETE", "/bucket/a", "If-Match", A_ETAG).status()).isEqualTo(204);
    assertThat(code(api.send("DELETE", "/bucket/a", "If-Match", "*"))).isEqualTo("404 NoSuchKey");
    assertThat(api.send("DELETE", "/bucket/a").status()).isEqualTo(204);
  }

  // --- integrity

  @Test
  void contentMd5IsVerified() {
    assertThat(api.sendText("PUT", "/bucket/a", "a", "Content-MD5", A_MD5).status()).isEqualTo(200);
    Answer wrong = api.sendText("PUT", "/bucket/a", "b", "Content-MD5", A_MD5);
    assertThat(code(wrong)).isEqualTo("400 BadDigest");
    assertThat(wrong.text()).contains("<ExpectedDigest>" + A_MD5 + "</ExpectedDigest>");
    assertThat(code(api.sendText("PUT", "/bucket/a", "b", "Content-MD5", "AAAA")))
        .isEqualTo("400 InvalidDigest");
    assertThat(code(api.sendText("PUT", "/bucket/a", "b", "Content-MD5", "*")))
        .isEqualTo("400 InvalidDigest");
    assertThat(api.send("GET", "/bucket/a").text()).isEqualTo("a");
  }

  @ParameterizedTest
  @EnumSource(ChecksumAlgorithm.class)
  void checksumsAreVerifiedStoredAndReturned(ChecksumAlgorithm algorithm) {
    byte[] bytes = Seeds.bytesOf(7, 12_345);
    String value = checksum(algorithm, bytes);
    Answer put = api.sendBytes("PUT", "/bucket/a", bytes, algorithm.header(), value);
    assertThat(put.header(algorithm.header())).isEqualTo(value);
    assertThat(put.header("x-amz-checksum-type")).isEqualTo("FULL_OBJECT");
    Answer silent = api.send("GET", "/bucket/a");
    assertThat(silent.header(algorithm.header())).isEmpty();
    Answer asked = api.send("GET", "/bucket/a", "x-amz-checksum-mode", "ENABLED");
    assertThat(asked.header(algorithm.header())).isEqualTo(value);
    assertThat(asked.header("x-amz-checksum-type")).isEqualTo("FULL_OBJECT");
    String[] some = {"x-amz-checksum-mode", "ENABLED", "Range", "bytes=0-9"};
    assertThat(api.send("GET", "/bucket/a", some).header(algorithm.header())).isEmpty();
    Answer wrong = api.sendText("PUT", "/bucket/a", "other", algorithm.header(), value);
    assertThat(code(wrong)).isEqualTo("400 BadDigest");
    assertThat(wrong.text())
        .contains("The " + algorithm + " you specified did not match the calculated checksum.");
    assertThat(api.send("GET", "/bucket/a").body()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource(ChecksumAlgorithm.class)
  void checksumsInTrailersAreVerified(ChecksumAlgorithm algorithm) {
    byte[] bytes = Seeds.bytesOf(8, 2_345);
    String value = checksum(algorithm, bytes);
    Answer put = putWithTrailer(bytes, algorithm, Headers.of(algorithm.header(), value));
    assertThat(put.status()).isEqualTo(200);
    assertThat(put.header(algorithm.header())).isEqualTo(value);
    byte[] other = Arrays.copyOf(bytes, bytes.length - 1);
    assertThat(code(putWithTrailer(other, algorithm, Headers.of(algorithm.header(), value))))
        .isEqualTo("400 BadDigest");
    assertThat(code(putWithTrailer(other, algorithm, Headers.NONE)))
        .isEqualTo("400 MalformedTrailerError");
    assertThat(code(putWithTrailer(other, algorithm, Headers.of(algorithm.header(), "AA"))))
        .isEqualTo("400 InvalidRequest");
    assertThat(api.send("GET", "/bucket/a").body()).isEqualTo(bytes);
  }

  private Answer putWithTrailer(byte[] bytes, ChecksumAlgorithm algorithm, Headers trailers) {
    Headers headers =
        Headers.of(
            "x-amz-trailer", algorithm.header(), "x-amz-sdk-checksum-algorithm", algorithm.name());
    return api.send(
        Heads.of("PUT", "/bucket/a", bytes.length, headers),
        new TestBody(bytes, bytes.length, trailers));
  }

  @Test
  void checksumsThatCannotBeMeantAreRefused() {
    String[][] wrong = {
      {"x-amz-checksum-crc32", "AAAA"},
      {"x-amz-checksum-crc32", "6Le+Qw==", "x-amz-checksum-crc32c", "AAAAAA=="},
      {"x-amz-sdk-checksum-algorithm", "CRC32"},
      {"x-amz-sdk-checksum-algorithm", "MD4", "x-amz-checksum-crc32", "6Le+Qw=="},
      {"x-amz-sdk-checksum-algorithm", "SHA1", "x-amz-checksum-crc32", "6Le+Qw=="},
      {"x-amz-trailer", "x-amz-checksum-md4"},
    };
    for (String[] headers : wrong) {
      assertThat(code(api.sendText("PUT", "/bucket/a", "a", headers)))
          .as(Arrays.toString(headers))
          .isEqualTo("400 InvalidRequest");
    }
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(404);
  }

  // --- what is refused before a byte is read

  @ParameterizedTest
  @CsvSource({
    "/bucket//a, 400 InvalidObjectName",
    "/bucket/a//b, 400 InvalidObjectName",
    "/bucket/a/../b, 400 InvalidObjectName",
    "/bucket/./a, 400 InvalidObjectName",
    "/bucket/a%00b, 400 InvalidObjectName",
    "/bucket/file/b, 409 ObjectParentIsFile",
    "/bucket/dir, 409 ExistingObjectIsDirectory",
    "/bucket/new/, 400 DirectoryObjectContainsData",
    "/missing/a, 404 NoSuchBucket",
  })
  void keysThatNoFileCanHave(String target, String expected) {
    api.sendText("PUT", "/bucket/file", "x");
    api.sendText("PUT", "/bucket/dir/x", "x");
    TestBody body = new TestBody(new byte[5_000]);
    Answer answer = api.send(Heads.of("PUT", target, 5_000, Headers.NONE), body);
    assertThat(code(answer)).isEqualTo(expected);
    assertThat(body.position()).as("bytes read").isZero();
  }

  @Test
  void longKeysAreRefused() {
    assertThat(code(api.sendText("PUT", "/bucket/" + "a".repeat(256), "x")))
        .isEqualTo("400 KeyTooLongError");
    assertThat(code(api.sendText("PUT", "/bucket/" + "a/".repeat(512) + "b", "x")))
        .isEqualTo("400 KeyTooLongError");
    assertThat(api.sendText("PUT", "/bucket/" + "a".repeat(255), "x").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "x-amz-server-side-encryption, AES256, 501 NotImplemented",
    "x-amz-server-side-encryption-customer-algorithm, AES256, 501 NotImplemented",
    "x-amz-object-lock-mode, GOVERNANCE, 501 NotImplemented",
    "x-amz-object-lock-legal-hold, ON, 501 NotImplemented",
    "x-amz-website-redirect-location, /b, 501 NotImplemented",
    "x-amz-write-offset-bytes, 0, 501 NotImplemented",
    "x-amz-acl, public-read, 400 AccessControlListNotSupported",
    "x-amz-grant-full-control, id=1, 400 AccessControlListNotSupported",
    "x-amz-storage-class, GLACIER, 400 InvalidStorageClass",
    "x-amz-tagging, a=1&a=2, 400 InvalidTag",
    "x-amz-tagging, a=%zz, 400 InvalidArgument",
    "x-amz-tagging, aws:a=1, 400 InvalidTag",
    "x-amz-tagging, a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9&j=10&k=11, 400 BadRequest",
  })
  void settingsThatWouldNotHoldAreRefused(String name, String value, String expected) {
    TestBody body = new TestBody(new byte[5_000]);
    Answer answer = api.send(Heads.of("PUT", "/bucket/a", 5_000, Headers.of(name, value)), body);
    assertThat(code(answer)).isEqualTo(expected);
    assertThat(body.position()).as("bytes read").isZero();
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(404);
  }

  @Test
  void metadataHasABound() {
    String value = "v".repeat(2047);
    assertThat(api.sendText("PUT", "/bucket/a", "a", "x-amz-meta-k", value).status())
        .isEqualTo(200);
    Answer answer = api.sendText("PUT", "/bucket/a", "a", "x-amz-meta-kk", value);
    assertThat(code(answer)).isEqualTo("400 MetadataTooLarge");
    assertThat(answer.text()).contains("<Size>2049</Size><MaxSizeAllowed>2048</MaxSizeAllowed>");
  }

  @Test
  void lengthsAreNeededAndBounded() {
    TestBody unknown = new TestBody(new byte[10], -1, Headers.NONE);
    assertThat(code(api.send(Heads.of("PUT", "/bucket/a", -1, Headers.NONE), unknown)))
        .isEqualTo("411 MissingContentLength");
    TestBody huge = new TestBody(new byte[10], (5L << 30) + 1, Headers.NONE);
    Answer answer = api.send(Heads.of("PUT", "/bucket/a", (5L << 30) + 1, Headers.NONE), huge);
    assertThat(code(answer)).isEqualTo("400 EntityTooLarge");
    assertThat(answer.text())
        .contains("<ProposedSize>5368709121</ProposedSize>")
        .contains("<MaxSizeAllowed>5368709120</MaxSizeAllowed>");
    assertThat(huge.position()).isZero();
  }

  @Test
  void aBodyThatFailsPublishesNothing() {
    api.sendText("PUT", "/bucket/a", "old");
    TestBody torn = new TestBody(new byte[3_000], 3_000, Headers.NONE).failingAfter(2_000);
    assertThat(code(api.send(Heads.of("PUT", "/bucket/a", 3_000, Headers.NONE), torn)))
        .isEqualTo("400 IncompleteBody");
    assertThat(api.send("GET", "/bucket/a").text()).isEqualTo("old");
  }

  // --- directories, versions

  @Test
  void aDirectoryIsAnObjectOfItsOwn() {
    assertThat(api.send("PUT", "/bucket/d/").status()).isEqualTo(200);
    Answer got = api.send("GET", "/bucket/d/");
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEmpty();
    assertThat(got.header("ETag")).isEqualTo("\"d41d8cd98f00b204e9800998ecf8427e\"");
    assertThat(code(api.send("GET", "/bucket/d"))).isEqualTo("404 NoSuchKey");
    assertThat(api.send("DELETE", "/bucket/d/").status()).isEqualTo(204);
    assertThat(code(api.send("GET", "/bucket/d/"))).isEqualTo("404 NoSuchKey");
  }

  @Test
  void thereIsOneVersion() {
    api.sendText("PUT", "/bucket/a", "a");
    assertThat(api.send("GET", "/bucket/a?versionId=null").status()).isEqualTo(200);
    assertThat(code(api.send("GET", "/bucket/a?versionId=3HL4kqtJlcpXroDTDmJ")))
        .isEqualTo("400 InvalidArgument");
    assertThat(code(api.send("DELETE", "/bucket/a?versionId=3HL4kqtJlcpXroDTDmJ")))
        .isEqualTo("400 InvalidArgument");
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(200);
  }

  @Test
  void attributesAreTold() {
    byte[] a = "a".getBytes(StandardCharsets.US_ASCII);
    api.sendBytes("PUT", "/bucket/a", a, "x-amz-checksum-crc32", "6Le+Qw==");
    Answer answer =
        api.send(
            "GET",
            "/bucket/a?attributes",
            "x-amz-object-attributes",
            "ETag,Checksum,ObjectParts",
            "x-amz-object-attributes",
            "StorageClass, ObjectSize");
    assertThat(answer.text())
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<GetObjectAttributesResponse"
                + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<ETag>0cc175b9c0f1b6a831c399e269772661</ETag>"
                + "<Checksum><ChecksumCRC32>6Le+Qw==</ChecksumCRC32>"
                + "<ChecksumType>FULL_OBJECT</ChecksumType></Checksum>"
                + "<StorageClass>STANDARD</StorageClass><ObjectSize>1</ObjectSize>"
                + "</GetObjectAttributesResponse>");
    assertThat(answer.header("Last-Modified")).isEqualTo("Thu, 01 Jan 2026 00:00:00 GMT");
    assertThat(code(api.send("GET", "/bucket/a?attributes"))).isEqualTo("400 InvalidArgument");
  }
}
