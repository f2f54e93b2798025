package io.forebay.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.s3.http.Headers;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The framing of {@code aws-chunked} bodies, whole and broken, however the network cuts it (S3 API
 * reference, "Transferring Payload in Multiple Chunks").
 */
class AwsChunkedDecoderTest {
  private static final SigningKey KEY = SigningKey.derive("secret", "20260101", "us-east-1");
  private static final SignatureClaim HEAD =
      new SignatureClaim(
          new CredentialScope("id", "20260101", "us-east-1", "s3", "aws4_request"),
          "20260101T000000Z",
          0,
          List.of("host"),
          "0".repeat(64),
          SignatureClaim.Place.HEADER,
          0);
  private static final String CRC = "x-amz-checksum-crc32";

  /** Writes signed bodies, by S3's description, apart from the code under test. */
  private static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private String previous = HEAD.signature();

    Writer chunk(byte[] content) {
      String prefix = "AWS4-HMAC-SHA256-PAYLOAD\n20260101T000000Z\n";
      String scope = "20260101/us-east-1/s3/aws4_request";
      previous =
          KEY.sign(
              prefix + scope + "\n" + previous + "\n" + Sha256.EMPTY + "\n" + Sha256.hex(content));
      text(Integer.toHexString(content.length) + ";chunk-signature=" + previous + "\r\n");
      out.writeBytes(content);
      return content.length > 0 ? text("\r\n") : this;
    }

    Writer trailer(String name, String value) {
      String hash = Sha256.hex((name + ":" + value + "\n").getBytes(StandardCharsets.UTF_8));
      previous =
          KEY.sign(
              "AWS4-HMAC-SHA256-TRAILER\n20260101T000000Z\n20260101/us-east-1/s3/aws4_request\n"
                  + previous
                  + "\n"
                  + hash);
      return text(name + ":" + value + "\r\nx-amz-trailer-signature:" + previous + "\r\n");
    }

    Writer text(String text) {
      out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    byte[] end() {
      return text("\r\n").out.toByteArray();
    }
  }

  private static final byte[] CONTENT = Seeds.bytesOf(3, 30);

  private static byte[] signed() {
    return new Writer()
        .chunk(Arrays.copyOf(CONTENT, 17))
        .chunk(Arrays.copyOfRange(CONTENT, 17, 30))
        .chunk(new byte[0])
        .end();
  }

  private static byte[] signedWithTrailer() {
    return new Writer().chunk(CONTENT).chunk(new byte[0]).trailer(CRC, "AAAAAA==").end();
  }

  private static AwsChunkedDecoder signedDecoder(boolean trailer) {
    return new AwsChunkedDecoder(
        CONTENT.length,
        Optional.of(new ChunkSignatures(KEY, HEAD)),
        trailer,
        trailer ? Set.of(CRC) : Set.of());
  }

  private static AwsChunkedDecoder unsignedDecoder(long length) {
    return new AwsChunkedDecoder(length, Optional.empty(), true, Set.of(CRC));
  }

  private static byte[] decode(AwsChunkedDecoder decoder, byte[]... pieces) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      ByteBuffer input = ByteBuffer.wrap(piece);
      for (ByteBuffer data = decoder.decode(input); data != null; data = decoder.decode(input)) {
        assertThat(data.hasRemaining()).isTrue();
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        content.writeBytes(copy);
      }
      assertThat(input.hasRemaining()).isFalse();
    }
    decoder.end();
    return content.toByteArray();
  }

  private static byte[][] cut(byte[] bytes, int piece) {
    byte[][] pieces = new byte[(bytes.length + piece - 1) / piece][];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = Arrays.copyOfRange(bytes, i * piece, Math.min(bytes.length, (i + 1) * piece));
    }
    return pieces;
  }

  private static S3Error refusal(AwsChunkedDecoder decoder, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> decode(decoder, bytes));
    assertThat(refusal).as("the refusal of %s", body).isNotNull();
    return refusal.error();
  }

  @Test
  void aBodyMayBeCutAnywhere() {
    for (boolean trailer : new boolean[] {false, true}) {
      byte[] body = trailer ? signedWithTrailer() : signed();
      for (int at = 0; at <= body.length; at++) {
        byte[] first = Arrays.copyOf(body, at);
        byte[] second = Arrays.copyOfRange(body, at, body.length);
        AwsChunkedDecoder decoder = signedDecoder(trailer);
        assertThat(decode(decoder, first, second)).as("cut at %s", at).isEqualTo(CONTENT);
        assertThat(decoder.trailers().fields()).hasSize(trailer ? 1 : 0);
      }
      for (int piece = 1; piece < 20; piece++) {
        assertThat(decode(signedDecoder(trailer), cut(body, piece))).isEqualTo(CONTENT);
      }
    }
  }

  @Test
  void aBodyEndsNowhereElse() {
    for (boolean trailer : new boolean[] {false, true}) {
      byte[] body = trailer ? signedWithTrailer() : signed();
      // The last blank line says nothing that a signature has not said.
      for (int length = 0; length < body.length - 2; length++) {
        byte[] shortened = Arrays.copyOf(body, length);
        S3Exception refusal =
            catchThrowableOfType(
                S3Exception.class, () -> decode(signedDecoder(trailer), shortened));
        assertThat(refusal).as("cut at %s of %s", length, body.length).isNotNull();
      }
    }
  }

  @Test
  void everyChangeOfASignedByteIsNoticed() {
    byte[] body = signedWithTrailer();
    for (int i = 0; i < body.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = body.clone();
        changed[i] ^= (byte) (1 << bit);
        byte[] content = null;
        try {
          content = decode(signedDecoder(true), changed);
        } catch (S3Exception refused) {
          continue;
        }
        // Letter case of hexadecimal sizes and of field names says nothing, nor does a line's end.
        assertThat(content).isEqualTo(CONTENT);
        String old = String.valueOf((char) body[i]);
        assertThat(old.equals("\r") || old.equals("\n") || old.matches("[a-zA-Z ]"))
            .as("byte %s, bit %s, was %s", i, bit, old)
            .isTrue();
      }
    }
  }

  @Test
  void aChunkMayBeLongerThanMemory() {
    long length = 6L << 30;
    AwsChunkedDecoder decoder = unsignedDecoder(length);
    assertThat(
            decoder.decode(
                ByteBuffer.wrap(
                    (Long.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII))))
        .isNull();
    byte[] piece = new byte[16 << 20];
    long decoded = 0;
    while (decoded < length) {
      ByteBuffer data = Objects.requireNonNull(decoder.decode(ByteBuffer.wrap(piece)));
      decoded += data.remaining();
    }
    assertThat(decoded).isEqualTo(length);
    decode(decoder, ("\r\n0\r\n" + CRC + ":AAAAAA==\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void contentIsNotCopied() {
    byte[] body = ("5\r\nhello\r\n0\r\n" + CRC + ":x\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer input = ByteBuffer.wrap(body);
    ByteBuffer data = Objects.requireNonNull(unsignedDecoder(5).decode(input));
    body[3] = 'j';
    assertThat((char) data.get(0)).isEqualTo('j');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "6\r\nhello!\r\n0\r\n",
        "5\r\nhello\r\n1\r\n!\r\n0\r\n",
        "4\r\nhell\r\n0\r\n",
        "0\r\n\r\n",
        "5\r\nhello\r\n",
        "5\r\nhel",
        "5",
        "",
        "7fffffffffffff\r\nhello",
      })
  void lengthsThatDoNotAddUpAreIncomplete(String body) {
    assertThat(refusal(unsignedDecoder(5), body)).isEqualTo(S3Error.INCOMPLETE_BODY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "x\r\n",
        "-5\r\nhello\r\n",
        "+5\r\nhello\r\n",
        "0x5\r\nhello\r\n",
        " 5\r\nhello\r\n",
        "5 \r\nhello\r\n",
        ";chunk-signature=00\r\n",
        "1000000000000000\r\n",
        "ffffffffffffffffffffffff\r\n",
        "5\r\nhelloo\r\n",
        "5\r\nhello0\r\n",
        "5\rhello\r\n0\r\n",
      })
  void brokenFramingIsRefused(String body) {
    assertThat(refusal(unsignedDecoder(5), body)).isEqualTo(S3Error.INVALID_REQUEST);
  }

  @Test
  void linesAreBounded() {
    String extension = ";x=" + "y".repeat(AwsChunkedDecoder.MAX_LINE_BYTES);
    assertThat(refusal(unsignedDecoder(5), "5" + extension)).isEqualTo(S3Error.INVALID_REQUEST);
    String end = "5\r\nhello\r\n0\r\n";
    String value = CRC + ":" + "y".repeat(AwsChunkedDecoder.MAX_LINE_BYTES);
    assertThat(refusal(unsignedDecoder(5), end + value)).isEqualTo(S3Error.INVALID_REQUEST);
    // Not the sum of all lines of a body: a chunk's line may be as long as the bound.
    String longest = "5;x=" + "y".repeat(AwsChunkedDecoder.MAX_LINE_BYTES - 5);
    byte[] body =
        (longest + end.substring(1) + CRC + ":z\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    assertThat(decode(unsignedDecoder(5), body)).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "'a:b\r\n'",
    "'x-amz-checksum-crc32:a\r\nx-amz-checksum-crc32:a\r\n'",
    "'x-amz-checksum-crc32:a\r\nx-amz-checksum-crc32c:a\r\n'",
    "':a\r\n'",
    "'x-amz-checksum-crc32\r\n'",
    "'x-amz-checksum-crc32 a\r\n'",
  })
  void trailersAreThoseThatWereAnnounced(String trailer) {
    assertThat(refusal(unsignedDecoder(5), "5\r\nhello\r\n0\r\n" + trailer + "\r\n"))
        .isEqualTo(S3Error.MALFORMED_TRAILER);
  }

  @Test
  void withoutAnnouncementThereIsNoTrailer() {
    byte[] body = new Writer().chunk(CONTENT).chunk(new byte[0]).trailer(CRC, "AAAAAA==").end();
    S3Exception refusal =
        catchThrowableOfType(S3Exception.class, () -> decode(signedDecoder(false), body));
    assertThat(refusal.error()).isEqualTo(S3Error.MALFORMED_TRAILER);
  }

  @Test
  void aSignedTrailerNeedsItsSignature() {
    byte[] body = new Writer().chunk(CONTENT).chunk(new byte[0]).text(CRC + ":AAAAAA==\r\n").end();
    S3Exception refusal =
        catchThrowableOfType(S3Exception.class, () -> decode(signedDecoder(true), body));
    assertThat(refusal.error()).isEqualTo(S3Error.MALFORMED_TRAILER);
  }

  @Test
  void nothingFollowsTheEnd() {
    String body = "5\r\nhello\r\n0\r\n" + CRC + ":x\r\n\r\n";
    AwsChunkedDecoder decoder = unsignedDecoder(5);
    decode(decoder, (body + "\r\n").getBytes(StandardCharsets.US_ASCII));
    assertThat(decoder.trailers().fields()).containsExactly(new Headers.Field(CRC, "x"));
    assertThat(refusal(unsignedDecoder(5), body + "x")).isEqualTo(S3Error.INVALID_REQUEST);
    assertThat(refusal(unsignedDecoder(5), body + "\r\n".repeat(3)))
        .isEqualTo(S3Error.INVALID_REQUEST);
  }

  @Test
  void chunksOfASignedBodyCannotBeReordered() {
    Writer one = new Writer();
    byte[] body =
        one.chunk(Arrays.copyOf(CONTENT, 15))
            .chunk(Arrays.copyOfRange(CONTENT, 15, 30))
            .chunk(new byte[0])
            .end();
    String text = new String(body, StandardCharsets.ISO_8859_1);
    int second = text.indexOf("\r\nf;") + 2;
    int last = text.indexOf("\r\n0;") + 2;
    String swapped =
        text.substring(second, last) + text.substring(0, second) + text.substring(last);
    assertThat(refusal(signedDecoder(false), swapped)).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
  }

  @Test
  void mutationsOfWholeBodiesNeverGetOtherContentThrough() {
    Random random = Seeds.random("mutationsOfWholeBodiesNeverGetOtherContentThrough");
    byte[] body = signedWithTrailer();
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = mutate(body, random);
      try {
        assertThat(decode(signedDecoder(true), cut(mutant, 1 + random.nextInt(60))))
            .as(() -> HexFormat.of().formatHex(mutant))
            .isEqualTo(CONTENT);
      } catch (S3Exception refused) {
        assertThat(refused.error().status()).isIn(400, 403);
      }
    }
  }

  private static byte[] mutate(byte[] body, Random random) {
    ByteArrayOutputStream mutant = new ByteArrayOutputStream();
    int from = random.nextInt(body.length);
    int to = Math.min(body.length, from + random.nextInt(20));
    mutant.write(body, 0, from);
    switch (random.nextInt(4)) {
      case 0 -> mutant.writeBytes(Seeds.bytes(random, to - from));
      case 1 -> mutant.write(body, from, to - from);
      case 2 -> mutant.write(body, random.nextInt(from + 1), 0);
      default -> mutant.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    int rest = random.nextBoolean() ? to : from;
    mutant.write(body, rest, body.length - rest);
    return mutant.toByteArray();
  }
}
