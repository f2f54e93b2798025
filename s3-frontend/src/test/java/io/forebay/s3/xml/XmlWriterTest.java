package io.forebay.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XmlWriterTest {
  private static String text(byte[] document) {
    return new String(document, StandardCharsets.UTF_8)
        .replaceFirst("(?s).*<Key>(.*)</Key>.*", "$1");
  }

  @Test
  void whatXmlCannotCarryIsAReferenceInAnswers() {
    byte[] document = XmlWriter.answer("A").element("Key", "\u0001\r\n\t\uFFFE<&>\"'ä😀").finish();
    assertThat(text(document)).isEqualTo("&#x1;&#xD;\n\t&#xFFFE;&lt;&amp;&gt;&quot;'ä😀");
  }

  @Test
  void whatXmlCannotCarryIsReplacedInErrors() {
    byte[] document = XmlWriter.error().element("Key", "\u0001\uFFFE\uD800x\uDC00").finish();
    assertThat(text(document)).isEqualTo("\uFFFD\uFFFD\uFFFDx\uFFFD");
  }

  /** Whatever can be carried is read back as it was. */
  @Test
  void textSurvives() {
    Random random = Seeds.random("textSurvives");
    for (int round = 0; round < 2_000; round++) {
      String text = random(random);
      byte[] document = XmlWriter.answer("A").element("Key", text).finish();
      XmlReader reader = XmlReader.open(document, "A");
      assertThat(reader.nextElement()).isEqualTo("Key");
      assertThat(reader.text()).isEqualTo(text);
      assertThat(reader.nextElement()).isNull();
      reader.finish();
    }
  }

  private static String random(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(40); i > 0; i--) {
      int point =
          switch (random.nextInt(4)) {
            case 0 -> "<>&\"'\r\n\t ]".codePointAt(random.nextInt(10));
            case 1 -> 0x20 + random.nextInt(0x60);
            case 2 -> 0x80 + random.nextInt(0x700);
            default -> 0x1F300 + random.nextInt(0x300);
          };
      text.appendCodePoint(point);
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "a-b_c.d*e/f, a-b_c.d*e/f",
    "'a b', a%20b",
    "a+b, a%2Bb",
    "a~b, a%7Eb",
    "a%b, a%25b",
    "ä€😀, %C3%A4%E2%82%AC%F0%9F%98%80",
  })
  void keysArePercentEncoded(String key, String encoded) {
    assertThat(KeyEncoding.URL.encode(key)).isEqualTo(encoded);
    assertThat(KeyEncoding.PLAIN.encode(key)).isEqualTo(key);
  }

  @Test
  void anOwnerHasTheSameIdForEver() {
    assertThat(Owner.of(0).id())
        .isEqualTo("60e829a38230c091a63c85c1733c3a06691bec8f8598a999e0f5f076f2490813");
    assertThat(Owner.of(-1).displayName()).isEqualTo("4294967295");
  }
}
