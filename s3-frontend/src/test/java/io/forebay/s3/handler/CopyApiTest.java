package io.forebay.s3.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.s3.handler.Api.Answer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CopyApiTest {
  private static final String ETAG = "900150983cd24fb0d6963f7d28e17f72";

  @TempDir private Path directory;
  private Api api;

  @BeforeEach
  void open() {
    api = new Api(directory);
    api.send("PUT", "/bucket");
    api.sendText(
        "PUT",
        "/bucket/so%20urce",
        "abc",
        "Content-Type",
        "text/plain",
        "x-amz-meta-old",
        "1",
        "x-amz-tagging",
        "t=old",
        "x-amz-checksum-crc32",
        "NSRBwg==");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private Answer copy(String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "x-amz-copy-source";
    all[1] = "/bucket/so%20urce";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return api.send("PUT", "/bucket/copy", all);
  }

  private static String code(Answer answer) {
    return answer.status() + " " + answer.text().replaceFirst("(?s).*<Code>(.*)</Code>.*", "$1");
  }

  @Test
  void everythingComesAlong() {
    api.clock.advance(Duration.ofSeconds(5));
    assertThat(copy().text())
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<CopyObjectResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<LastModified>2026-01-01T00:00:05.000Z</LastModified>"
                + "<ETag>&quot;"
                + ETAG
                + "&quot;</ETag><ChecksumCRC32>NSRBwg==</ChecksumCRC32>"
                + "<ChecksumType>FULL_OBJECT</ChecksumType></CopyObjectResult>");
    Answer got = api.send("GET", "/bucket/copy");
    assertThat(got.text()).isEqualTo("abc");
    assertThat(got.header("Content-Type")).isEqualTo("text/plain");
    assertThat(got.header("x-amz-meta-old")).isEqualTo("1");
    assertThat(tags()).contains("<Key>t</Key><Value>old</Value>");
  }

  private String tags() {
    return api.send("GET", "/bucket/copy?tagging").text();
  }

  @Test
  void metadataIsReplacedAndTagsStay() {
    copy("x-amz-metadata-directive", "REPLACE", "x-amz-meta-new", "2", "x-amz-tagging", "t=new");
    Answer got = api.send("HEAD", "/bucket/copy");
    assertThat(got.header("Content-Type")).isEqualTo("binary/octet-stream");
    assertThat(got.header("x-amz-meta-old")).isEmpty();
    assertThat(got.header("x-amz-meta-new")).isEqualTo("2");
    assertThat(tags()).contains("<Value>old</Value>");
  }

  @Test
  void tagsAreReplacedAndMetadataStays() {
    copy("x-amz-tagging-directive", "REPLACE", "x-amz-meta-new", "2", "x-amz-tagging", "t=new");
    Answer got = api.send("HEAD", "/bucket/copy");
    assertThat(got.header("Content-Type")).isEqualTo("text/plain");
    assertThat(got.header("x-amz-meta-old")).isEqualTo("1");
    assertThat(got.header("x-amz-meta-new")).isEmpty();
    assertThat(tags()).contains("<Value>new</Value>");
  }

  @Test
  void bothAreReplaced() {
    String[] both = {
      "x-amz-metadata-directive", "REPLACE", "x-amz-tagging-directive", "REPLACE",
    };
    copy(both);
    Answer got = api.send("HEAD", "/bucket/copy", "x-amz-checksum-mode", "ENABLED");
    assertThat(got.header("x-amz-meta-old")).isEmpty();
    assertThat(got.header("x-amz-checksum-crc32")).isEqualTo("NSRBwg==");
    assertThat(tags()).doesNotContain("<Tag>");
  }

  @Test
  void ontoItselfSomethingHasToChange() {
    String source = "/bucket/so%20urce";
    String[] plain = {"x-amz-copy-source", source};
    assertThat(code(api.send("PUT", source, plain))).isEqualTo("400 InvalidRequest");
    String[] replace = {
      "x-amz-copy-source", source, "x-amz-metadata-directive", "REPLACE", "x-amz-meta-new", "2"
    };
    assertThat(api.send("PUT", source, replace).status()).isEqualTo(200);
    Answer got = api.send("GET", source);
    assertThat(got.text()).isEqualTo("abc");
    assertThat(got.header("x-amz-meta-new")).isEqualTo("2");
    assertThat(got.header("ETag")).isEqualTo('"' + ETAG + '"');
  }

  @ParameterizedTest
  @CsvSource({
    "x-amz-copy-source-if-match, \"900150983cd24fb0d6963f7d28e17f72\", 200",
    "x-amz-copy-source-if-match, \"x\", 412",
    "x-amz-copy-source-if-none-match, \"x\", 200",
    "x-amz-copy-source-if-none-match, \"900150983cd24fb0d6963f7d28e17f72\", 412",
    "x-amz-copy-source-if-modified-since, 'Wed, 31 Dec 2025 00:00:00 GMT', 200",
    "x-amz-copy-source-if-modified-since, 'Thu, 01 Jan 2026 00:00:00 GMT', 412",
    "x-amz-copy-source-if-unmodified-since, 'Thu, 01 Jan 2026 00:00:00 GMT', 200",
    "x-amz-copy-source-if-unmodified-since, 'Wed, 31 Dec 2025 00:00:00 GMT', 412",
    "If-None-Match, *, 200",
    "If-Match, \"x\", 404",
  })
  void copiesAreConditional(String name, String value, int status) {
    assertThat(copy(name, value).status()).isEqualTo(status);
    assertThat(api.send("HEAD", "/bucket/copy").status()).isEqualTo(status == 200 ? 200 : 404);
  }

  @Test
  void theTargetsConditionHolds() {
    api.sendText("PUT", "/bucket/copy", "old");
    Answer refused = copy("If-None-Match", "*");
    assertThat(code(refused)).isEqualTo("412 PreconditionFailed");
    assertThat(refused.text()).contains("<Condition>If-None-Match</Condition>");
    assertThat(api.send("GET", "/bucket/copy").text()).isEqualTo("old");
  }

  @ParameterizedTest
  @CsvSource({
    "bucket, 400 InvalidArgument",
    "bucket/, 400 InvalidArgument",
    "/, 400 InvalidArgument",
    "bucket/%, 400 InvalidArgument",
    "bucket/a//b, 400 InvalidObjectName",
    "Bucket/a, 400 InvalidBucketName",
    "bucket/missing, 404 NoSuchKey",
    "missing/a, 404 NoSuchBucket",
    "bucket/so%20urce?versionId=7, 400 InvalidArgument",
  })
  void sourcesThatCannotBe(String source, String expected) {
    assertThat(code(api.send("PUT", "/bucket/copy", "x-amz-copy-source", source)))
        .isEqualTo(expected);
  }

  @Test
  void aCopyComputesNoChecksum() {
    assertThat(copy("x-amz-checksum-algorithm", "CRC32").status()).isEqualTo(200);
    assertThat(code(copy("x-amz-checksum-algorithm", "SHA256"))).isEqualTo("501 NotImplemented");
    assertThat(code(copy("x-amz-metadata-directive", "MERGE"))).isEqualTo("400 InvalidArgument");
  }
}
