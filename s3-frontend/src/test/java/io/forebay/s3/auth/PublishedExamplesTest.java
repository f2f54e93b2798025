package io.forebay.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.op.Heads;
import io.forebay.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The requests and signatures that the S3 API reference prints ("Signature Calculations for the
 * Authorization Header", in one and in several chunks, and "Authenticating Requests: Using Query
 * Parameters").
 */
class PublishedExamplesTest {
  private static final String DATE = "20130524T000000Z";
  private static final String CREDENTIAL =
      "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

  private final Authenticator authenticator = authenticator();

  private static Authenticator authenticator() {
    ManualClock clock = new ManualClock();
    clock.step(Duration.between(ManualClock.START, Instant.parse("2013-05-24T00:00:10Z")));
    return new Authenticator(new Keys(), "us-east-1", clock);
  }

  private static String authorization(String signedHeaders, String signature) {
    return "AWS4-HMAC-SHA256 Credential="
        + CREDENTIAL
        + ",SignedHeaders="
        + signedHeaders
        + ",Signature="
        + signature;
  }

  private byte[] authenticated(RequestHead head, byte[] body, int piece) {
    Authenticated result = authenticator.authenticate(head, new BytesBody(body, piece));
    assertThat(result.key()).isEqualTo(Keys.EXAMPLE);
    return BytesBody.drain(result.body());
  }

  @Test
  void getObjectWithRange() {
    RequestHead head =
        Heads.of(
            "GET",
            "/test.txt",
            "Host",
            "examplebucket.s3.amazonaws.com",
            "Authorization",
            authorization(
                "host;range;x-amz-content-sha256;x-amz-date",
                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
            "Range",
            "bytes=0-9",
            "x-amz-content-sha256",
            Sha256.EMPTY,
            "x-amz-date",
            DATE);
    assertThat(authenticated(head, new byte[0], 1)).isEmpty();
  }

  @Test
  void putObject() {
    RequestHead head =
        Heads.of(
            "PUT",
            "/test$file.text",
            "Host",
            "examplebucket.s3.amazonaws.com",
            "Date",
            "Fri, 24 May 2013 00:00:00 GMT",
            "Authorization",
            authorization(
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
            "x-amz-date",
            DATE,
            "x-amz-storage-class",
            "REDUCED_REDUNDANCY",
            "x-amz-content-sha256",
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
    byte[] content = "Welcome to Amazon S3.".getBytes(StandardCharsets.US_ASCII);
    assertThat(authenticated(head, content, 5)).isEqualTo(content);
  }

  @Test
  void getBucketLifecycle() {
    RequestHead head =
        Heads.of(
            "GET",
            "/?lifecycle",
            "Host",
            "examplebucket.s3.amazonaws.com",
            "Authorization",
            authorization(
                "host;x-amz-content-sha256;x-amz-date",
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
            "x-amz-date",
            DATE,
            "x-amz-content-sha256",
            Sha256.EMPTY);
    assertThat(authenticated(head, new byte[0], 1)).isEmpty();
  }

  @Test
  void listObjects() {
    RequestHead head =
        Heads.of(
            "GET",
            "/?max-keys=2&prefix=J",
            "Host",
            "examplebucket.s3.amazonaws.com",
            "Authorization",
            authorization(
                "host;x-amz-content-sha256;x-amz-date",
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
            "x-amz-date",
            DATE,
            "x-amz-content-sha256",
            Sha256.EMPTY);
    assertThat(authenticated(head, new byte[0], 1)).isEmpty();
  }

  @Test
  void presignedGetObject() {
    RequestHead head =
        Heads.of(
            "GET",
            "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1"
                + "%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature="
                + "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
            "Host",
            "examplebucket.s3.amazonaws.com");
    assertThat(authenticated(head, new byte[0], 1)).isEmpty();
  }

  private static RequestHead chunkedHead(String mode, String signature, String... more) {
    String[] base = {
      "Host",
      "s3.amazonaws.com",
      "x-amz-date",
      DATE,
      "x-amz-storage-class",
      "REDUCED_REDUNDANCY",
      "x-amz-content-sha256",
      mode,
      "Content-Encoding",
      "aws-chunked",
      "x-amz-decoded-content-length",
      "66560"
    };
    Headers headers = Headers.of(base);
    String signed =
        "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
            + "x-amz-storage-class";
    if (more.length == 0) {
      headers = headers.with("Content-Length", "66824");
      signed = signed.replace("content-encoding;", "content-encoding;content-length;");
    } else {
      headers = headers.with(more[0], more[1]);
      signed = signed + ";" + more[0];
    }
    return Heads.of(
        "PUT",
        "/examplebucket/chunkObject.txt",
        66_824,
        headers.with("Authorization", authorization(signed, signature)));
  }

  private static byte[] content() {
    byte[] content = new byte[66_560];
    Arrays.fill(content, (byte) 'a');
    return content;
  }

  private static byte[] chunkedBody(String first, String second, String end) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(("10000;chunk-signature=" + first + "\r\n").getBytes(StandardCharsets.UTF_8));
    body.write(content(), 0, 65_536);
    body.writeBytes(
        ("\r\n400;chunk-signature=" + second + "\r\n").getBytes(StandardCharsets.UTF_8));
    body.write(content(), 0, 1024);
    body.writeBytes(("\r\n" + end).getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }

  @Test
  void putObjectInChunks() {
    RequestHead head =
        chunkedHead(
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    byte[] body =
        chunkedBody(
            "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
                + "\r\n\r\n");
    assertThat(body).hasSize(66_824);
    assertThat(authenticated(head, body, 1000)).isEqualTo(content());
  }

  @Test
  void putObjectInChunksWithATrailer() {
    RequestHead head =
        chunkedHead(
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
            "x-amz-trailer",
            "x-amz-checksum-crc32c");
    byte[] body =
        chunkedBody(
            "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
            "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
            "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"
                + "\r\nx-amz-checksum-crc32c:sOO8/Q==\n\r\nx-amz-trailer-signature:"
                + "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n");
    Authenticated result = authenticator.authenticate(head, new BytesBody(body, 777));
    assertThat(BytesBody.drain(result.body())).isEqualTo(content());
    assertThat(result.body().trailers().fields())
        .containsExactly(new Headers.Field("x-amz-checksum-crc32c", "sOO8/Q=="));
  }
}
