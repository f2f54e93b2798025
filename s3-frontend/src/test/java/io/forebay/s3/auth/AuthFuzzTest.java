package io.forebay.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.QueryParameters;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.op.S3Exception;
import io.forebay.testkit.ManualClock;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whatever arrives, it is refused as S3 refuses, or it was right. */
class AuthFuzzTest {
  private final Authenticator authenticator =
      new Authenticator(new Keys(), "us-east-1", new ManualClock());

  /** An unsigned chunked body: whatever is decoded does not depend on how the input was cut. */
  @FuzzTest(maxDuration = "30s")
  void chunkedBody(byte[] body) {
    String whole = outcome(body, Integer.MAX_VALUE);
    assertThat(outcome(body, 1)).isEqualTo(whole);
    assertThat(outcome(body, 7)).isEqualTo(whole);
  }

  private static String outcome(byte[] body, int piece) {
    AwsChunkedDecoder decoder =
        new AwsChunkedDecoder(10, Optional.empty(), true, Set.of("x-amz-checksum-crc32"));
    StringBuilder content = new StringBuilder();
    try {
      for (int from = 0; from < body.length; from += Math.min(piece, body.length - from)) {
        ByteBuffer input = ByteBuffer.wrap(body, from, Math.min(piece, body.length - from));
        for (ByteBuffer data = decoder.decode(input); data != null; data = decoder.decode(input)) {
          while (data.hasRemaining()) {
            content.append((char) (data.get() & 0xff));
          }
          assertThat(content.length()).isLessThanOrEqualTo(10);
        }
      }
      decoder.end();
      assertThat(content).hasSize(10);
      return content + " " + decoder.trailers().fields();
    } catch (S3Exception refused) {
      return content + " refused: " + refused.error();
    }
  }

  /** A head that nobody signed. */
  @FuzzTest(maxDuration = "30s")
  void head(FuzzedDataProvider data) {
    String authorization = data.consumeString(300);
    String date = data.consumeString(40);
    String hash = data.consumeString(80);
    List<QueryParameters.Parameter> parameters =
        List.of(
            new QueryParameters.Parameter(
                data.consumeBoolean() ? "X-Amz-Algorithm" : "a", "AWS4-HMAC-SHA256"),
            new QueryParameters.Parameter("X-Amz-Credential", data.consumeString(100)),
            new QueryParameters.Parameter("X-Amz-Date", data.consumeString(30)),
            new QueryParameters.Parameter("X-Amz-Expires", data.consumeString(20)),
            new QueryParameters.Parameter("X-Amz-SignedHeaders", data.consumeString(50)),
            new QueryParameters.Parameter("X-Amz-Signature", data.consumeString(70)));
    String path = "/" + data.consumeRemainingAsString();
    RequestHead head =
        new RequestHead(
            "id",
            "GET",
            "/",
            path,
            new QueryParameters(parameters),
            Headers.of(
                "Host",
                "h",
                "Authorization",
                authorization,
                "x-amz-date",
                date,
                "x-amz-content-sha256",
                hash),
            new InetSocketAddress("127.0.0.1", 1),
            false,
            0);
    try {
      Authenticated nobody = authenticator.authenticate(head, new BytesBody(new byte[0], 1));
      throw new AssertionError("let in: " + nobody.key());
    } catch (S3Exception refused) {
      assertThat(refused.error().status()).isBetween(400, 501);
    }
  }
}
