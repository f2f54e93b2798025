package io.forebay.s3.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.forebay.s3.S3Limits;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Whatever a client sends is a request, or refused; however the network cuts it. */
class HttpFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void requests(byte[] bytes) {
    String whole = requestsOf(bytes, Integer.MAX_VALUE);
    assertThat(requestsOf(bytes, 1)).isEqualTo(whole);
    assertThat(requestsOf(bytes, 13)).isEqualTo(whole);
  }

  @FuzzTest(maxDuration = "30s")
  void percentEncoding(byte[] bytes) {
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      String decoded = PercentEncoding.decodePath(raw);
      String encoded = PercentEncoding.encode(decoded, true);
      assertThat(encoded).matches("[A-Za-z0-9._~/%-]*");
      assertThat(PercentEncoding.decodePath(encoded)).isEqualTo(decoded);
      assertThat(PercentEncoding.decodeQuery(encoded)).isEqualTo(decoded);
    } catch (MalformedRequestException refused) {
      assertThat(refused.reason()).isEqualTo(MalformedRequestException.Reason.TARGET);
    }
  }

  /** What is understood, up to the first thing that is not. */
  private static String requestsOf(byte[] bytes, int piece) {
    EmbeddedChannel channel = new EmbeddedChannel(new StrictRequestDecoder(S3Limits.DEFAULT));
    StringBuilder understood = new StringBuilder();
    for (int from = 0; from < bytes.length; from += Math.min(piece, bytes.length - from)) {
      int length = Math.min(piece, bytes.length - from);
      channel.writeInbound(Unpooled.copiedBuffer(bytes, from, length));
    }
    boolean good = true;
    for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
      good = good && describe(message, understood);
      ReferenceCountUtil.release(message);
    }
    channel.finishAndReleaseAll();
    return understood.toString();
  }

  private static boolean describe(Object message, StringBuilder understood) {
    if (message instanceof HttpRequest request) {
      ParsedRequest parsed =
          ParsedRequest.of(
              request, "id", new InetSocketAddress("127.0.0.1", 1), false, S3Limits.DEFAULT);
      if (parsed.defect().isPresent()) {
        understood.append("refused: ").append(parsed.defect().get().reason());
        return false;
      }
      RequestHead head = parsed.head();
      assertThat(head.rawPath()).startsWith("/");
      assertThat(head.path()).startsWith("/");
      assertThat(head.contentLength()).isGreaterThanOrEqualTo(-1);
      understood.append(head).append(head.path()).append(head.query().parameters());
      understood.append(head.headers().fields()).append(parsed.keepAlive()).append('\n');
      return true;
    }
    HttpContent content = (HttpContent) message;
    if (content.decoderResult().isFailure()) {
      understood.append("broken");
      return false;
    }
    understood.append(content.content().toString(StandardCharsets.ISO_8859_1));
    if (content instanceof LastHttpContent last) {
      understood.append("end ").append(last.trailingHeaders().entries()).append('\n');
    }
    return true;
  }
}
