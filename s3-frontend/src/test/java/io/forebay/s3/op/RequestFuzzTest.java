package io.forebay.s3.op;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.forebay.engine.EngineException;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.MalformedRequestException;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Resource;
import java.util.List;
import java.util.Optional;

/** Whatever a head asks for is one operation with its parameters, or refused as S3 refuses. */
class RequestFuzzTest {
  private static final List<String> METHODS = List.of("GET", "HEAD", "PUT", "POST", "DELETE");
  private static final List<String> NAMES =
      List.of(
          "Range",
          "If-Match",
          "If-None-Match",
          "If-Modified-Since",
          "If-Range",
          "Content-MD5",
          "x-amz-copy-source",
          "x-amz-copy-source-range",
          "x-amz-copy-source-if-unmodified-since",
          "x-amz-tagging",
          "x-amz-metadata-directive",
          "x-amz-checksum-crc32",
          "x-amz-checksum-algorithm",
          "x-amz-checksum-type",
          "x-amz-trailer",
          "x-amz-mp-object-size",
          "x-amz-object-attributes",
          "x-amz-meta-a",
          "Content-Encoding");

  @FuzzTest(maxDuration = "30s")
  void heads(FuzzedDataProvider data) {
    String method = data.pickValue(METHODS);
    Headers headers = Headers.NONE;
    for (int i = data.consumeInt(0, 4); i > 0; i--) {
      headers = headers.with(data.pickValue(NAMES), data.consumeString(80));
    }
    try {
      RequestHead head = Heads.of(method, "/" + data.consumeRemainingAsAsciiString(), 0, headers);
      Resource resource = Resource.of(head, Optional.empty());
      S3Operation operation = RequestRouter.route(head, resource);
      assertThat(operation.method()).isEqualTo(method);
      assertThat(RequestDecoder.decode(operation, head, resource)).isNotNull();
    } catch (S3Exception refused) {
      assertThat(refused.error().status()).isIn(400, 405, 416, 501);
    } catch (EngineException | MalformedRequestException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  @FuzzTest(maxDuration = "30s")
  void ranges(FuzzedDataProvider data) {
    long size = data.consumeLong(0, 5L << 40);
    String text = data.consumeRemainingAsString();
    RangeHeader.parse(text)
        .ifPresent(range -> {
          try {
            var bytes = range.of(size);
            assertThat(bytes.length()).isPositive();
            assertThat(bytes.end()).isLessThanOrEqualTo(size);
          } catch (S3Exception refused) {
            assertThat(refused.error()).isEqualTo(S3Error.INVALID_RANGE);
          }
        });
  }
}
