package io.forebay.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.xml.RequestDocuments.Deletions;
import io.forebay.s3.xml.RequestDocuments.Victim;
import io.forebay.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents of clients, and of those who wish us ill. */
@Timeout(60)
class XmlReaderTest {
  private static final String OBJECT = "<Object><Key>a</Key></Object>";

  private static Deletions read(String document) {
    return RequestDocuments.deletions(document.getBytes(StandardCharsets.UTF_8));
  }

  private static S3Error failure(byte[] document) {
    return catchThrowableOfType(S3Exception.class, () -> RequestDocuments.deletions(document))
        .error();
  }

  private static S3Error failure(String document) {
    return failure(document.getBytes(StandardCharsets.UTF_8));
  }

  // --- what clients send

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Delete>" + OBJECT + "</Delete>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Delete>\n  " + OBJECT + "\n</Delete>\n",
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + OBJECT + "</Delete>",
        "<s:Delete xmlns:s=\"urn:x\"><s:Object><s:Key>a</s:Key></s:Object></s:Delete>",
        "<Delete><!-- one --><Object><Key>a<!-- two --></Key></Object></Delete><!-- three -->",
        "<Delete><Object><Key><![CDATA[a]]></Key></Object></Delete>",
        "<Delete><Object><Key>&#x61;</Key></Object></Delete>",
        "<Delete attribute=\"ignored\">" + OBJECT + "</Delete>",
      })
  void theSameDocumentComesInManyForms(String document) {
    assertThat(read(document).victims().getFirst().key()).isEqualTo("a");
  }

  @Test
  void textIsKeptAsItIs() {
    String key = " &amp;&lt;&gt;&quot;&apos;&#13;\tä😀 ";
    assertThat(read("<Delete>" + OBJECT.replace(">a<", ">" + key + "<") + "</Delete>").victims())
        .extracting(Victim::key)
        .containsExactly(" &<>\"'\r\tä😀 ");
  }

  @Test
  void aByteOrderMarkIsNoText() {
    assertThat(read("\uFEFF<Delete>" + OBJECT + "</Delete>").victims()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1"})
  void otherEncodingsAreRefused(String encoding) {
    String document = "<Delete><Object><Key>ä</Key></Object></Delete>";
    assertThat(failure(document.getBytes(Charset.forName(encoding))))
        .isEqualTo(S3Error.MALFORMED_XML);
  }

  // --- bombs

  @Test
  void entitiesAreNotExpanded() {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE Delete [<!ENTITY l0 \"ha\">");
    for (int i = 1; i < 30; i++) {
      laughs.append("<!ENTITY l" + i + " \"" + ("&l" + (i - 1) + ";").repeat(10) + "\">");
    }
    laughs.append("]><Delete><Object><Key>&l29;</Key></Object></Delete>");
    assertThat(failure(laughs.toString())).isEqualTo(S3Error.MALFORMED_XML);
  }

  @Test
  void filesOfTheServerAreNotRead(@TempDir Path directory) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "<Object><Key>s</Key></Object>");
    String general =
        "<!DOCTYPE Delete [<!ENTITY x SYSTEM \"%s\">]><Delete>&x;</Delete>"
            .formatted(secret.toUri());
    String parameter =
        "<!DOCTYPE Delete [<!ENTITY %% x SYSTEM \"%s\"> %%x;]><Delete>".formatted(secret.toUri())
            + OBJECT
            + "</Delete>";
    String subset =
        "<!DOCTYPE Delete SYSTEM \"%s\"><Delete>".formatted(secret.toUri()) + OBJECT + "</Delete>";
    for (String document : List.of(general, parameter, subset)) {
      assertThat(failure(document)).as(document).isEqualTo(S3Error.MALFORMED_XML);
    }
  }

  @Test
  void aDoctypeIsRefusedEvenIfItDeclaresNothing() {
    assertThat(failure("<!DOCTYPE Delete><Delete>" + OBJECT + "</Delete>"))
        .isEqualTo(S3Error.MALFORMED_XML);
  }

  static Stream<byte[]> heavy() {
    int bytes = 4 << 20;
    byte[] zeroes = new byte[bytes];
    return Stream.of(
        "<a>".repeat(bytes / 3).getBytes(StandardCharsets.UTF_8),
        ("<Delete>" + "<Object>".repeat(bytes / 8)).getBytes(StandardCharsets.UTF_8),
        ("<Delete><Object><Key>" + "k".repeat(bytes) + "</Key></Object></Delete>")
            .getBytes(StandardCharsets.UTF_8),
        ("<Delete><Object><Key>" + "&amp;".repeat(bytes / 5) + "</Key></Object></Delete>")
            .getBytes(StandardCharsets.UTF_8),
        ("<Delete " + "a".repeat(bytes) + "=''>").getBytes(StandardCharsets.UTF_8),
        ("<Delete" + attributes() + ">" + OBJECT + "</Delete>" + "x".repeat(10))
            .getBytes(StandardCharsets.UTF_8),
        ("<Delete>" + OBJECT.repeat(100_000) + "</Delete>").getBytes(StandardCharsets.UTF_8),
        ("<Delete>" + OBJECT + "</Delete>" + "<!---->".repeat(bytes / 7) + "<x/>")
            .getBytes(StandardCharsets.UTF_8),
        zeroes);
  }

  private static String attributes() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      all.append(" a").append(i).append("=\"\"");
    }
    return all.toString();
  }

  @ParameterizedTest
  @MethodSource("heavy")
  void bigNonsenseIsRefused(byte[] document) {
    assertThat(failure(document)).isEqualTo(S3Error.MALFORMED_XML);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "<",
        "<Delete>",
        "<Delete></Other>",
        "<Delete><?target data?>" + OBJECT + "</Delete>",
        "<Delete>" + OBJECT + "</Delete><Delete/>",
        "<Delete>" + OBJECT + "</Delete>tail",
        "<Delete><Object><Key>&unknown;</Key></Object></Delete>",
        "<Delete><Object><Key>&#1;</Key></Object></Delete>",
        "<Delete><Object><Key>\u0001</Key></Object></Delete>",
        "<Delete><Object><Key>a</Key></Object><Object></Delete>",
        "<?xml version=\"9.0\"?><Delete>" + OBJECT + "</Delete>",
      })
  void nonsenseIsRefused(String document) {
    assertThat(failure(document)).isEqualTo(S3Error.MALFORMED_XML);
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    byte[] document =
        "<Delete><Object><Key>\u00ff\u00fe</Key></Object></Delete>"
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(failure(document)).isEqualTo(S3Error.MALFORMED_XML);
    assertThat(failure(new byte[0])).isEqualTo(S3Error.MISSING_REQUEST_BODY);
  }

  /** Documents with a few bytes changed are read, or refused; nothing else happens. */
  @Test
  void mutationsAreReadOrRefused() {
    Random random = Seeds.random("mutationsAreReadOrRefused");
    byte[] original =
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Delete xmlns=\"http://s3.amazonaws.com/doc/"
                + "2006-03-01/\"><Quiet>true</Quiet><Object><Key>a&amp;b</Key><VersionId>null"
                + "</VersionId></Object><!-- c --><Object><Key><![CDATA[x]]></Key></Object>"
                + "</Delete>")
            .getBytes(StandardCharsets.UTF_8);
    int read = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = mutate(original, random);
      try {
        read += RequestDocuments.deletions(mutated).victims().size();
      } catch (S3Exception e) {
        assertThat(e.error()).isIn(S3Error.MALFORMED_XML, S3Error.MISSING_REQUEST_BODY);
      }
    }
    assertThat(read).as("some mutations are harmless").isPositive();
  }

  /** The JDK's parser likes to write there. */
  @Test
  @ResourceLock(Resources.SYSTEM_ERR)
  void mistakesOfClientsLeaveNoTraceOnTheErrorStream() {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      for (String document : List.of("<Delete", "<Delete>&x;</Delete>", "<!DOCTYPE a>", "<a b=>")) {
        assertThat(failure(document)).isEqualTo(S3Error.MALFORMED_XML);
      }
      assertThat(failure(new byte[] {'<', (byte) 0xff})).isEqualTo(S3Error.MALFORMED_XML);
    } finally {
      System.setErr(before);
    }
    assertThat(written.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] mutated = original.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(mutated.length);
      switch (random.nextInt(3)) {
        case 0 -> mutated[at] = (byte) random.nextInt(256);
        case 1 -> mutated[at] = mutated[random.nextInt(mutated.length)];
        default -> mutated = Arrays.copyOf(mutated, Math.max(1, at));
      }
    }
    return mutated;
  }
}
