package io.forebay.s3.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.s3.handler.Api.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingApiTest {
  private static final String START =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  private static final String ID =
      "90e8042a4eadc5aaf490d88d7d349320dc5bfb45320aaa3a877f9f41e0270033";
  private static final String OWNER =
      "<Owner><ID>" + ID + "</ID><DisplayName>1000</DisplayName></Owner>";

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

  private static String contents(String key, String owner) {
    return "<Contents><Key>"
        + key
        + "</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
        + "<ETag>&quot;0cc175b9c0f1b6a831c399e269772661&quot;</ETag><Size>1</Size>"
        + owner
        + "<StorageClass>STANDARD</StorageClass></Contents>";
  }

  private void put(String... keys) {
    for (String key : keys) {
      assertThat(api.sendText("PUT", "/bucket/" + key, "a").status()).isEqualTo(200);
    }
  }

  @Test
  void theFirstVersionIsWrittenExactly() {
    put("a", "b/c", "b/d", "e");
    assertThat(api.send("GET", "/bucket").text())
        .isEqualTo(
            START
                + "<Name>bucket</Name><Prefix/><Marker/><MaxKeys>1000</MaxKeys>"
                + "<IsTruncated>false</IsTruncated>"
                + contents("a", OWNER)
                + contents("b/c", OWNER)
                + contents("b/d", OWNER)
                + contents("e", OWNER)
                + "</ListBucketResult>");
    assertThat(api.send("GET", "/bucket?delimiter=/&max-keys=2").text())
        .isEqualTo(
            START
                + "<Name>bucket</Name><Prefix/><Marker/><MaxKeys>2</MaxKeys>"
                + "<Delimiter>/</Delimiter><IsTruncated>true</IsTruncated>"
                + "<NextMarker>b/</NextMarker>"
                + contents("a", OWNER)
                + "<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>"
                + "</ListBucketResult>");
    assertThat(api.send("GET", "/bucket?delimiter=/&max-keys=2&marker=b/").text())
        .isEqualTo(
            START
                + "<Name>bucket</Name><Prefix/><Marker>b/</Marker><MaxKeys>2</MaxKeys>"
                + "<Delimiter>/</Delimiter><IsTruncated>false</IsTruncated>"
                + contents("e", OWNER)
                + "</ListBucketResult>");
  }

  @Test
  void theSecondVersionIsWrittenExactly() {
    put("a", "b/c", "b/d", "e");
    assertThat(api.send("GET", "/bucket?list-type=2&prefix=b/&fetch-owner=true").text())
        .isEqualTo(
            START
                + "<Name>bucket</Name><Prefix>b/</Prefix><MaxKeys>1000</MaxKeys>"
                + "<IsTruncated>false</IsTruncated><KeyCount>2</KeyCount>"
                + contents("b/c", OWNER)
                + contents("b/d", OWNER)
                + "</ListBucketResult>");
    assertThat(api.send("GET", "/bucket?list-type=2&delimiter=/&max-keys=1&start-after=a").text())
        .isEqualTo(
            START
                + "<Name>bucket</Name><Prefix/><StartAfter>a</StartAfter><MaxKeys>1</MaxKeys>"
                + "<Delimiter>/</Delimiter><IsTruncated>true</IsTruncated><KeyCount>1</KeyCount>"
                + "<NextContinuationToken>Yi8</NextContinuationToken>"
                + "<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>"
                + "</ListBucketResult>");
    assertThat(
            api.send(
                    "GET",
                    "/bucket?list-type=2&delimiter=/&max-keys=1&start-after=a"
                        + "&continuation-token=Yi8")
                .text())
        .isEqualTo(
            START
                + "<Name>bucket</Name><Prefix/><ContinuationToken>Yi8</ContinuationToken>"
                + "<StartAfter>a</StartAfter><MaxKeys>1</MaxKeys>"
                + "<Delimiter>/</Delimiter><IsTruncated>false</IsTruncated><KeyCount>1</KeyCount>"
                + contents("e", "")
                + "</ListBucketResult>");
  }

  @Test
  void askedForNoKeysItSaysSo() {
    put("a");
    for (String version : List.of("", "list-type=2&")) {
      assertThat(api.send("GET", "/bucket?" + version + "max-keys=0").text())
          .contains("<MaxKeys>0</MaxKeys>")
          .contains("<IsTruncated>false</IsTruncated>")
          .doesNotContain("Contents");
    }
  }

  @Test
  void pagesTogetherAreTheWhole() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      keys.add("k%02d".formatted(i));
    }
    put(keys.toArray(String[]::new));
    List<String> listed = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      String text =
          api.send("GET", "/bucket?list-type=2&max-keys=10&continuation-token=" + token).text();
      all(text, "Key").forEach(listed::add);
      List<String> next = all(text, "NextContinuationToken");
      token = next.isEmpty() ? "" : next.getFirst();
      pages++;
    } while (!token.isEmpty());
    assertThat(listed).isEqualTo(keys);
    assertThat(pages).isEqualTo(3);
  }

  private static List<String> all(String xml, String element) {
    Matcher matcher = Pattern.compile("<" + element + ">([^<]*)</" + element + ">").matcher(xml);
    return matcher.results().map(each -> each.group(1)).toList();
  }

  @Test
  void keysAreEncodedWhenAskedFor() {
    put("a%20b%2Bc%26%3C%C3%A4%E2%82%AC%25", "%01%0D%0A");
    assertThat(all(api.send("GET", "/bucket?encoding-type=url").text(), "Key"))
        .containsExactly("%01%0D%0A", "a%20b%2Bc%26%3C%C3%A4%E2%82%AC%25");
    assertThat(all(api.send("GET", "/bucket").text(), "Key"))
        .containsExactly("&#x1;&#xD;\n", "a b+c&amp;&lt;ä€%");
    Answer answer =
        api.send("GET", "/bucket?encoding-type=url&prefix=a%20&delimiter=%2B&marker=a%20");
    assertThat(answer.text())
        .contains("<Prefix>a%20</Prefix><Marker>a%20</Marker>")
        .contains("<Delimiter>%2B</Delimiter><EncodingType>url</EncodingType>")
        .contains("<CommonPrefixes><Prefix>a%20b%2B</Prefix></CommonPrefixes>");
  }

  @Test
  void checksumsAreNamed() {
    api.sendText("PUT", "/bucket/a", "a", "x-amz-checksum-crc32", "6Le+Qw==");
    assertThat(api.send("GET", "/bucket").text())
        .contains(
            "</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"
                + "<ChecksumType>FULL_OBJECT</ChecksumType><Size>");
  }

  @ParameterizedTest
  @CsvSource({
    "max-keys=-1, max-keys",
    "max-keys=x, max-keys",
    "max-keys=2147483648, max-keys",
    "max-keys=99999999999999999999, max-keys",
    "encoding-type=base64, encoding-type",
    "list-type=2&continuation-token=%25, continuation-token",
    "list-type=2&continuation-token=_w, continuation-token",
  })
  void wrongArgumentsAreNamed(String query, String argument) {
    Answer answer = api.send("GET", "/bucket?" + query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .contains("<Code>InvalidArgument</Code>")
        .contains("<ArgumentName>" + argument + "</ArgumentName>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000", "1001", "2147483647"})
  void largePagesAreCut(String maxKeys) {
    assertThat(api.send("GET", "/bucket?max-keys=" + maxKeys).text())
        .contains("<MaxKeys>1000</MaxKeys>");
  }
}
