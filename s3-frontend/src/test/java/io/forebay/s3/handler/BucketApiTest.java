package io.forebay.s3.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.Caller;
import io.forebay.s3.handler.Api.Answer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketApiTest {
  private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  private static final String NS = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
  private static final String ID =
      "90e8042a4eadc5aaf490d88d7d349320dc5bfb45320aaa3a877f9f41e0270033";

  @TempDir private Path directory;
  private Api api;

  @BeforeEach
  void open() {
    api = new Api(directory);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void bucketsAreListedWithTheirBirthAndTheCallerAsOwner() {
    api.send("PUT", "/beta");
    api.clock.advance(Duration.ofMillis(1_999));
    api.send("PUT", "/alpha");
    Answer answer = api.send("GET", "/");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/xml");
    assertThat(answer.text())
        .isEqualTo(
            DECLARATION
                + "<ListAllMyBucketsResult"
                + NS
                + "><Owner><ID>"
                + ID
                + "</ID><DisplayName>1000</DisplayName></Owner><Buckets>"
                + "<Bucket><Name>alpha</Name>"
                + "<CreationDate>2026-01-01T00:00:01.000Z</CreationDate></Bucket>"
                + "<Bucket><Name>beta</Name>"
                + "<CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>"
                + "</Buckets></ListAllMyBucketsResult>");
  }

  @Test
  void bucketsComeInPagesWhenAskedFor() {
    for (String name : new String[] {"one", "three", "two", "other"}) {
      api.send("PUT", "/" + name);
    }
    Answer first = api.send("GET", "/?max-buckets=1&prefix=t");
    assertThat(first.text())
        .contains("<Name>three</Name>")
        .contains("<BucketRegion>us-east-1</BucketRegion>")
        .contains("<ContinuationToken>dGhyZWU</ContinuationToken><Prefix>t</Prefix>")
        .doesNotContain("two");
    Answer second = api.send("GET", "/?max-buckets=1&prefix=t&continuation-token=dGhyZWU");
    assertThat(second.text())
        .contains("<Name>two</Name>")
        .doesNotContain("three")
        .doesNotContain("ContinuationToken");
    assertThat(api.send("GET", "/?max-buckets=0").status()).isEqualTo(400);
    assertThat(api.send("GET", "/?max-buckets=10001").status()).isEqualTo(400);
    assertThat(api.send("GET", "/?continuation-token=*").status()).isEqualTo(400);
  }

  @Test
  void aBucketIsCreatedOnce() {
    Answer created = api.send("PUT", "/bucket");
    assertThat(created.status()).isEqualTo(200);
    assertThat(created.header("Location")).isEqualTo("/bucket");
    Answer again = api.send("PUT", "/bucket");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text()).contains("<Code>BucketAlreadyOwnedByYou</Code>");
    api.as(Caller.of(1001, 100));
    assertThat(api.send("PUT", "/bucket").text()).contains("<Code>BucketAlreadyExists</Code>");
  }

  @Test
  void theLocationHasToBeThisRegion() {
    String document =
        "<CreateBucketConfiguration"
            + NS
            + "><LocationConstraint>%s</LocationConstraint></CreateBucketConfiguration>";
    Answer elsewhere = api.sendText("PUT", "/bucket", document.formatted("eu-west-1"));
    assertThat(elsewhere.status()).isEqualTo(400);
    assertThat(elsewhere.text())
        .contains("<Code>IllegalLocationConstraintException</Code>")
        .contains("eu-west-1");
    assertThat(api.send("HEAD", "/bucket").status()).isEqualTo(404);
    assertThat(api.sendText("PUT", "/bucket", document.formatted("us-east-1")).status())
        .isEqualTo(200);
    assertThat(api.sendText("PUT", "/other", document.formatted("")).status()).isEqualTo(200);
  }

  @Test
  void whatABucketCannotHaveIsRefused() {
    String tags =
        "<CreateBucketConfiguration><Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags>"
            + "</CreateBucketConfiguration>";
    assertThat(api.sendText("PUT", "/bucket", tags).status()).isEqualTo(501);
    assertThat(api.sendText("PUT", "/bucket", "<Create").text()).contains("MalformedXML");
    assertThat(api.send("PUT", "/bucket", "x-amz-bucket-object-lock-enabled", "true").status())
        .isEqualTo(501);
    assertThat(api.send("PUT", "/bucket", "x-amz-object-ownership", "ObjectWriter").status())
        .isEqualTo(501);
    assertThat(api.send("PUT", "/bucket", "x-amz-acl", "public-read").text())
        .contains("<Code>AccessControlListNotSupported</Code>");
    assertThat(api.send("PUT", "/bucket", "x-amz-grant-read", "id=1").status()).isEqualTo(400);
    assertThat(api.send("HEAD", "/bucket").status()).isEqualTo(404);
    assertThat(
            api.send(
                    "PUT",
                    "/bucket",
                    "x-amz-acl",
                    "private",
                    "x-amz-bucket-object-lock-enabled",
                    "false",
                    "x-amz-object-ownership",
                    "BucketOwnerEnforced")
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bucket", "ab", "192.168.0.1", "a..b", "-ab", "xn--ab", "a_b"})
  void illegalNamesAreRefused(String name) {
    Answer answer = api.send("PUT", "/" + name);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .contains("<Code>InvalidBucketName</Code>")
        .contains("<BucketName>" + name + "</BucketName>");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /bucket",
    "GET, /bucket?list-type=2",
    "GET, /bucket?list-type=2&max-keys=0",
    "GET, /bucket?location",
    "GET, /bucket?versioning",
    "GET, /bucket?acl",
    "GET, /bucket?uploads",
    "GET, /bucket/key",
    "GET, /bucket/key?acl",
    "GET, /bucket/key?tagging",
    "GET, /bucket/key?uploadId=u",
    "PUT, /bucket/key",
    "DELETE, /bucket/key",
    "DELETE, /bucket",
    "POST, /bucket/key?uploads",
  })
  void aMissingBucketIsMissingEverywhere(String method, String target) {
    Answer answer = api.send(method, target);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text())
        .isEqualTo(
            DECLARATION
                + "<Error><Code>NoSuchBucket</Code>"
                + "<Message>The specified bucket does not exist</Message>"
                + "<BucketName>bucket</BucketName><Resource>"
                + target.replaceFirst("\\?.*", "")
                + "</Resource><RequestId>4442587FB7D0A2F9</RequestId>"
                + "<HostId>host</HostId></Error>");
  }

  @Test
  void headSaysTheRegionAndNothingElse() {
    api.send("PUT", "/bucket");
    Answer there = api.send("HEAD", "/bucket");
    assertThat(there.status()).isEqualTo(200);
    assertThat(there.header("x-amz-bucket-region")).isEqualTo("us-east-1");
    Answer missing = api.send("HEAD", "/missing");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.body()).isEmpty();
  }

  @Test
  void locationVersioningAndAclAreTold() {
    api.send("PUT", "/bucket");
    assertThat(api.send("GET", "/bucket?location").text())
        .isEqualTo(DECLARATION + "<LocationConstraint" + NS + "></LocationConstraint>");
    assertThat(api.send("GET", "/bucket?versioning").text())
        .isEqualTo(DECLARATION + "<VersioningConfiguration" + NS + "></VersioningConfiguration>");
    assertThat(api.send("GET", "/bucket?acl").text())
        .isEqualTo(
            DECLARATION
                + "<AccessControlPolicy"
                + NS
                + "><Owner><ID>"
                + ID
                + "</ID><DisplayName>1000</DisplayName></Owner><AccessControlList><Grant>"
                + "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                + " xsi:type=\"CanonicalUser\"><ID>"
                + ID
                + "</ID><DisplayName>1000</DisplayName></Grantee>"
                + "<Permission>FULL_CONTROL</Permission></Grant></AccessControlList>"
                + "</AccessControlPolicy>");
  }

  @Test
  void aBucketWithObjectsStays() {
    api.send("PUT", "/bucket");
    api.sendText("PUT", "/bucket/a/b", "x");
    Answer refused = api.send("DELETE", "/bucket");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text()).contains("<Code>BucketNotEmpty</Code>");
    api.send("DELETE", "/bucket/a/b");
    Answer deleted = api.send("DELETE", "/bucket");
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(api.send("HEAD", "/bucket").status()).isEqualTo(404);
  }

  @Test
  void theExpectedOwnerIsChecked() {
    api.send("PUT", "/bucket");
    String header = "x-amz-expected-bucket-owner";
    assertThat(api.send("GET", "/bucket", header, "000000001000").status()).isEqualTo(200);
    assertThat(api.send("GET", "/bucket", header, "000000001001").text())
        .contains("<Code>AccessDenied</Code>");
    assertThat(api.sendText("PUT", "/bucket/a", "x", header, "1").status()).isEqualTo(403);
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(404);
    api.sendText("PUT", "/bucket/a", "x");
    String[] copy = {
      "x-amz-copy-source", "/bucket/a", "x-amz-source-expected-bucket-owner", "000000000007"
    };
    assertThat(api.send("PUT", "/bucket/b", copy).status()).isEqualTo(403);
  }
}
