package io.forebay.s3.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.s3.handler.Api.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteApiTest {
  private static final String START =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          + "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";

  @TempDir private Path directory;
  private Api api;

  @BeforeEach
  void open() {
    api = new Api(directory);
    api.send("PUT", "/bucket");
    for (String key : new String[] {"a", "b", "c/d"}) {
      api.sendText("PUT", "/bucket/" + key, "a");
    }
  }

  @AfterEach
  void close() {
    api.close();
  }

  private Answer delete(String inner, String... headers) {
    return api.sendText("POST", "/bucket?delete", "<Delete>" + inner + "</Delete>", headers);
  }

  private static String object(String key, String... elements) {
    return "<Object><Key>" + key + "</Key>" + String.join("", elements) + "</Object>";
  }

  @Test
  void eachKeyHasItsOutcomeInOrder() {
    Answer answer =
        delete(
            object("c/d")
                + object("a//b")
                + object("a", "<ETag>\"x\"</ETag>")
                + object("b", "<ETag>\"0cc175b9c0f1b6a831c399e269772661\"</ETag>")
                + object("missing", "<VersionId>null</VersionId>")
                + object("a", "<VersionId>v1</VersionId>")
                + object("a", "<Size>1</Size>"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo(
            START
                + "<Deleted><Key>c/d</Key></Deleted>"
                + "<Error><Key>a//b</Key><Code>InvalidObjectName</Code>"
                + "<Message>a key's segments are names: a name is not empty</Message></Error>"
                + "<Error><Key>a</Key><Code>PreconditionFailed</Code><Message>At least one of the"
                + " pre-conditions you specified did not hold</Message></Error>"
                + "<Deleted><Key>b</Key></Deleted>"
                + "<Deleted><Key>missing</Key><VersionId>null</VersionId></Deleted>"
                + "<Error><Key>a</Key><VersionId>v1</VersionId><Code>NoSuchVersion</Code>"
                + "<Message>The specified version does not exist.</Message></Error>"
                + "<Error><Key>a</Key><Code>NotImplemented</Code>"
                + "<Message>The condition Size is not offered here.</Message></Error>"
                + "</DeleteResult>");
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(200);
    assertThat(api.send("HEAD", "/bucket/b").status()).isEqualTo(404);
    assertThat(api.send("HEAD", "/bucket/c/d").status()).isEqualTo(404);
  }

  @Test
  void quietTellsFailuresOnly() {
    assertThat(delete("<Quiet>true</Quiet>" + object("a") + object("..")).text())
        .isEqualTo(
            START
                + "<Error><Key>..</Key><Code>InvalidObjectName</Code><Message>a key's segments are"
                + " names: '.' and '..' are no names of entries</Message></Error></DeleteResult>");
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(404);
  }

  @Test
  void aThousandKeysAreTheMost() {
    for (int i = 0; i < 40; i++) {
      api.sendText("PUT", "/bucket/n" + i, "a");
    }
    StringBuilder thousand = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      thousand.append(object("n" + i));
    }
    Answer tooMany = delete(thousand + object("n0"));
    assertThat(tooMany.status()).isEqualTo(400);
    assertThat(tooMany.text()).contains("<Code>MalformedXML</Code>");
    assertThat(api.send("HEAD", "/bucket/n0").status()).isEqualTo(200);
    assertThat(delete(thousand.toString()).text()).contains("<Key>n999</Key>");
    assertThat(api.send("GET", "/bucket?prefix=n").text()).doesNotContain("<Contents>");
  }

  @Test
  void theDocumentIsVerified() throws Exception {
    String document = "<Delete>" + object("a") + "</Delete>";
    byte[] md5 = MessageDigest.getInstance("MD5").digest(document.getBytes(StandardCharsets.UTF_8));
    String[] wrong = {"Content-MD5", "DMF1ucDxtqgxw5niaXcmYQ=="};
    assertThat(api.sendText("POST", "/bucket?delete", document, wrong).text())
        .contains("<Code>BadDigest</Code>");
    String[] wrongSum = {"x-amz-checksum-crc32", "AAAAAA=="};
    assertThat(api.sendText("POST", "/bucket?delete", document, wrongSum).text())
        .contains("<Code>BadDigest</Code>");
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(200);
    String[] right = {"Content-MD5", Base64.getEncoder().encodeToString(md5)};
    assertThat(api.sendText("POST", "/bucket?delete", document, right).status()).isEqualTo(200);
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Delete/>",
        "<Delete><Object/></Delete>",
        "<Delete><Object><Key>a</Key><New>1</New></Object></Delete>",
        "<Delete><Object><Key>a</Key></Object><New/></Delete>",
        "<Delete><Quiet>perhaps</Quiet><Object><Key>a</Key></Object></Delete>",
        "<Delete><Object><Key>a</Key></Object>",
        "<Delete><Object><Key><b>a</b></Key></Object></Delete>",
        "<Delete>text<Object><Key>a</Key></Object></Delete>",
        "<Other><Object><Key>a</Key></Object></Other>",
        "nothing",
      })
  void otherDocumentsDeleteNothing(String document) {
    Answer answer = api.sendText("POST", "/bucket?delete", document);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("<Code>MalformedXML</Code>");
    assertThat(api.send("HEAD", "/bucket/a").status()).isEqualTo(200);
  }

  @Test
  void aBodyIsNeededAndBounded() {
    assertThat(api.send("POST", "/bucket?delete").text())
        .contains("<Code>MissingRequestBodyError</Code>");
    assertThat(api.sendBytes("POST", "/bucket?delete", new byte[(4 << 20) + 1]).text())
        .contains("<Code>MaxMessageLengthExceeded</Code>");
  }

  @Test
  void withoutABucketNothingIsDeleted() {
    assertThat(
            api.sendText("POST", "/missing?delete", "<Delete>" + object("a") + "</Delete>").text())
        .contains("<Code>NoSuchBucket</Code>");
  }
}
