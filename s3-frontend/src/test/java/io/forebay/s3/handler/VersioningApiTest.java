package io.forebay.s3.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.s3.handler.Api.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versioning and settings of buckets, as they stand on the wire. */
class VersioningApiTest {
  private static final String NAMESPACE = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

  @TempDir Path directory;
  private Api api;

  @BeforeEach
  void open() {
    api = new Api(directory);
    assertThat(api.send("PUT", "/bkt").status()).isEqualTo(200);
  }

  @AfterEach
  void close() {
    api.close();
  }

  private void versioning(String status) {
    Answer answer =
        api.sendText(
            "PUT",
            "/bkt?versioning",
            "<VersioningConfiguration><Status>" + status + "</Status></VersioningConfiguration>");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @Test
  void versioningIsEnabledAndSuspendedButNeverWithMfaDelete() {
    assertThat(api.send("GET", "/bkt?versioning").text())
        .endsWith("<VersioningConfiguration" + NAMESPACE + "></VersioningConfiguration>");
    versioning("Enabled");
    assertThat(api.send("GET", "/bkt?versioning").text()).contains("<Status>Enabled</Status>");
    versioning("Suspended");
    assertThat(api.send("GET", "/bkt?versioning").text()).contains("<Status>Suspended</Status>");
    Answer mfa =
        api.sendText(
            "PUT",
            "/bkt?versioning",
            "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>"
                + "</VersioningConfiguration>");
    assertThat(mfa.status()).isEqualTo(501);
  }

  @Test
  void versionsAreReadListedAndDestroyedByTheirIds() {
    versioning("Enabled");
    String one = api.sendText("PUT", "/bkt/a", "one").header("x-amz-version-id");
    String two = api.sendText("PUT", "/bkt/a", "two").header("x-amz-version-id");
    assertThat(api.send("GET", "/bkt/a?versionId=" + one).text()).isEqualTo("one");
    assertThat(api.send("GET", "/bkt/a").header("x-amz-version-id")).isEqualTo(two);
    Answer deleted = api.send("DELETE", "/bkt/a");
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.header("x-amz-delete-marker")).isEqualTo("true");
    String marker = deleted.header("x-amz-version-id");
    assertThat(api.send("GET", "/bkt/a").status()).isEqualTo(404);
    assertThat(api.send("GET", "/bkt/a?versionId=" + marker).status()).isEqualTo(405);
    assertThat(api.send("GET", "/bkt?versions").text())
        .containsSubsequence(
            "<DeleteMarker><Key>a</Key><VersionId>" + marker + "</VersionId>",
            "<IsLatest>true</IsLatest>",
            "<Version><Key>a</Key><VersionId>" + two + "</VersionId><IsLatest>false</IsLatest>",
            "<Version><Key>a</Key><VersionId>" + one + "</VersionId><IsLatest>false</IsLatest>");
    assertThat(api.send("DELETE", "/bkt/a?versionId=" + marker).header("x-amz-delete-marker"))
        .isEqualTo("true");
    assertThat(api.send("GET", "/bkt/a").text()).isEqualTo("two");
    assertThat(api.send("GET", "/bkt/a?versionId=0000000000fffff0").text())
        .contains("<Code>NoSuchVersion</Code>");
    assertThat(api.send("GET", "/bkt/a?versionId=x").text())
        .contains("<Code>InvalidArgument</Code>");
    Answer copied = api.send("PUT", "/bkt/c", "x-amz-copy-source", "/bkt/a?versionId=" + one);
    assertThat(copied.status()).as(copied.text()).isEqualTo(200);
    assertThat(api.send("GET", "/bkt/c").text()).isEqualTo("one");
  }

  @Test
  void tagsOfABucketAreKept() {
    assertThat(api.send("GET", "/bkt?tagging").text()).contains("<Code>NoSuchTagSet</Code>");
    String tags = "<TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet>";
    assertThat(api.sendText("PUT", "/bkt?tagging", "<Tagging>" + tags + "</Tagging>").status())
        .isEqualTo(204);
    assertThat(api.send("GET", "/bkt?tagging").text()).contains(tags);
    assertThat(api.send("DELETE", "/bkt?tagging").status()).isEqualTo(204);
    assertThat(api.send("GET", "/bkt?tagging").status()).isEqualTo(404);
  }

  @Test
  void whatIsNotSetHasItsOwnCode() {
    for (String[] each :
        new String[][] {
          {"cors", "NoSuchCORSConfiguration"},
          {"lifecycle", "NoSuchLifecycleConfiguration"},
          {"encryption", "ServerSideEncryptionConfigurationNotFoundError"},
          {"publicAccessBlock", "NoSuchPublicAccessBlockConfiguration"},
          {"website", "NoSuchWebsiteConfiguration"},
          {"replication", "ReplicationConfigurationNotFoundError"},
          {"object-lock", "ObjectLockConfigurationNotFoundError"}
        }) {
      Answer answer = api.send("GET", "/bkt?" + each[0]);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.text()).contains("<Code>" + each[1] + "</Code>");
    }
    assertThat(api.send("GET", "/bkt?requestPayment").text())
        .contains("<Payer>BucketOwner</Payer>");
    assertThat(api.sendText("PUT", "/bkt?cors", "<CORSConfiguration/>").status()).isEqualTo(501);
  }
}
