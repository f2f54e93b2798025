package io.forebay.s3.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.s3.handler.Api.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagApiTest {
  private static final String START =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          + "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>";

  @TempDir private Path directory;
  private Api api;

  @BeforeEach
  void open() {
    api = new Api(directory);
    api.send("PUT", "/bucket");
    api.sendText("PUT", "/bucket/a", "a");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private Answer put(String tags) {
    return api.sendText(
        "PUT", "/bucket/a?tagging", "<Tagging><TagSet>" + tags + "</TagSet></Tagging>");
  }

  private static String tag(String key, String value) {
    return "<Tag><Key>" + key + "</Key><Value>" + value + "</Value></Tag>";
  }

  @Test
  void tagsAreReplacedReadAndRemoved() {
    String etag = api.send("HEAD", "/bucket/a").header("ETag");
    assertThat(api.send("GET", "/bucket/a?tagging").text())
        .isEqualTo(START + "</TagSet></Tagging>");
    assertThat(put(tag("one", "1") + tag("t w o", "")).status()).isEqualTo(200);
    assertThat(api.send("GET", "/bucket/a?tagging").text())
        .isEqualTo(
            START
                + "<Tag><Key>one</Key><Value>1</Value></Tag>"
                + "<Tag><Key>t w o</Key><Value/></Tag></TagSet></Tagging>");
    Answer head = api.send("HEAD", "/bucket/a");
    assertThat(head.header("x-amz-tagging-count")).isEqualTo("2");
    assertThat(head.header("ETag")).isEqualTo(etag);
    put(tag("three", "3"));
    assertThat(api.send("GET", "/bucket/a?tagging").text()).doesNotContain("one");
    assertThat(api.send("DELETE", "/bucket/a?tagging").status()).isEqualTo(204);
    assertThat(api.send("GET", "/bucket/a?tagging").text())
        .isEqualTo(START + "</TagSet></Tagging>");
    assertThat(api.send("GET", "/bucket/a").text()).isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource({
    "<Tag><Key></Key><Value>v</Value></Tag>, InvalidTag",
    "<Tag><Key>k</Key></Tag>, MalformedXML",
    "<Tag><Key>k</Key><Key>k</Key></Tag>, MalformedXML",
    "<Tag><Key>k</Key><Value>v</Value><Other/></Tag>, MalformedXML",
    "<Other/>, MalformedXML",
    "<Tag><Key>k!</Key><Value>v</Value></Tag>, InvalidTag",
    "<Tag><Key>k</Key><Value>v#</Value></Tag>, InvalidTag",
    "<Tag><Key>aws:k</Key><Value>v</Value></Tag>, InvalidTag",
    "<Tag><Key>k</Key><Value>1</Value></Tag><Tag><Key>k</Key><Value>2</Value></Tag>, InvalidTag",
  })
  void tagsThatCannotBe(String tags, String code) {
    Answer answer = put(tags);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("<Code>" + code + "</Code>");
  }

  @Test
  void numberAndLengthsAreBounded() {
    StringBuilder ten = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      ten.append(tag("k" + i + "ä".repeat(126), "ä".repeat(256)));
    }
    assertThat(put(ten.toString()).status()).isEqualTo(200);
    assertThat(put(ten + tag("k", "")).text()).contains("<Code>BadRequest</Code>");
    assertThat(put(tag("k".repeat(129), "")).text()).contains("<Code>InvalidTag</Code>");
    assertThat(put(tag("k", "v".repeat(257))).text()).contains("<Code>InvalidTag</Code>");
  }

  @Test
  void aMissingObjectHasNone() {
    for (String method : new String[] {"GET", "DELETE"}) {
      assertThat(api.send(method, "/bucket/missing?tagging").text())
          .contains("<Code>NoSuchKey</Code>");
    }
  }
}
