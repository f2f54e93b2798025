package io.forebay.s3.http;

import io.forebay.s3.S3Limits;
import io.forebay.s3.http.MalformedRequestException.Reason;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A head in our terms, with what the connection needs to know of it.
 *
 * @param defect why it must not be acted upon; the head then holds what could be made out
 * @param keepAlive whether the client wants the connection to stay
 * @param http10 whether the client speaks HTTP/1.0
 * @param expectsContinue whether the client waits for 100 before it sends the body
 */
record ParsedRequest(
    RequestHead head,
    Optional<MalformedRequestException> defect,
    boolean keepAlive,
    boolean http10,
    boolean expectsContinue) {

  /** Never fails: what is wrong becomes the defect. */
  static ParsedRequest of(
      HttpRequest request, String id, InetSocketAddress remote, boolean secure, S3Limits limits) {
    String target = originForm(request.uri());
    int question = target.indexOf('?');
    String rawPath = question < 0 ? target : target.substring(0, question);
    boolean http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    Headers headers = Headers.NONE;
    try {
      requireDecoded(request);
      headers = headersOf(request, limits);
      requireVersion(request, headers);
      if (!rawPath.startsWith("/")) {
        throw new MalformedRequestException(Reason.TARGET, "the target is not a path");
      }
      RequestHead head =
          new RequestHead(
              id,
              request.method().name(),
              rawPath,
              PercentEncoding.decodePath(rawPath),
              question < 0
                  ? QueryParameters.NONE
                  : QueryParameters.parse(target.substring(question + 1)),
              headers,
              remote,
              secure,
              contentLength(request, headers));
      return new ParsedRequest(
          head,
          Optional.empty(),
          HttpUtil.isKeepAlive(request),
          http10,
          expectsContinue(headers) && !http10);
    } catch (MalformedRequestException defect) {
      RequestHead rest =
          new RequestHead(
              id,
              request.method().name(),
              rawPath,
              "/",
              QueryParameters.NONE,
              headers,
              remote,
              secure,
              0);
      return new ParsedRequest(rest, Optional.of(defect), false, http10, false);
    }
  }

  private static void requireDecoded(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      Throwable cause = request.decoderResult().cause();
      if (cause instanceof TooLongHttpLineException) {
        throw new MalformedRequestException(Reason.LINE_TOO_LONG, "the request line is too long");
      }
      if (cause instanceof TooLongHttpHeaderException) {
        throw new MalformedRequestException(Reason.HEAD_TOO_LARGE, "the header is too large");
      }
      throw new MalformedRequestException(Reason.FRAMING, "not an HTTP request");
    }
  }

  private static void requireVersion(HttpRequest request, Headers headers) {
    HttpVersion version = request.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      throw new MalformedRequestException(Reason.VERSION, "HTTP/1.1 and HTTP/1.0 are spoken here");
    }
    // RFC 9112 section 3.2.
    int hosts = headers.all("host").size();
    if (hosts > 1 || (hosts == 0 && version.equals(HttpVersion.HTTP_1_1))) {
      throw new MalformedRequestException(Reason.FRAMING, "a request has one Host header field");
    }
  }

  /** Without scheme and authority, which a client may write too (RFC 9112 section 3.2.2). */
  private static String originForm(String target) {
    String lower = target.length() < 8 ? target : target.substring(0, 8).toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      int slash = target.indexOf('/', lower.startsWith("https") ? 8 : 7);
      return slash < 0 ? "/" : target.substring(slash);
    }
    return target;
  }

  private static Headers headersOf(HttpRequest request, S3Limits limits) {
    if (request.headers().size() > limits.maxFields()) {
      throw new MalformedRequestException(Reason.HEAD_TOO_LARGE, "too many header fields");
    }
    List<Headers.Field> fields = new ArrayList<>(request.headers().size());
    for (Map.Entry<String, String> each : request.headers()) {
      fields.add(new Headers.Field(each.getKey(), text(each.getValue())));
    }
    return new Headers(fields);
  }

  /** Netty hands out octets as Latin-1. */
  static String text(String latin1) {
    for (int i = 0; i < latin1.length(); i++) {
      if (latin1.charAt(i) >= 0x80) {
        ByteBuffer octets = ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1));
        try {
          return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
        } catch (CharacterCodingException notUtf8) {
          return latin1;
        }
      }
    }
    return latin1;
  }

  private static long contentLength(HttpRequest request, Headers headers) {
    List<String> encodings = headers.all("transfer-encoding");
    if (!encodings.isEmpty()) {
      boolean chunked =
          encodings.size() == 1
              && encodings.getFirst().equalsIgnoreCase("chunked")
              && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
      if (!chunked) {
        throw new MalformedRequestException(Reason.FRAMING, "a transfer encoding but chunked");
      }
      return -1;
    }
    Optional<String> length = headers.first("content-length");
    if (length.isEmpty()) {
      return 0;
    }
    if (!length.get().matches("\\d{1,18}")) {
      throw new MalformedRequestException(Reason.FRAMING, "Content-Length is not a length");
    }
    return Long.parseLong(length.get());
  }

  private static boolean expectsContinue(Headers headers) {
    Optional<String> expectation = headers.first("expect");
    if (expectation.isPresent() && !expectation.get().equalsIgnoreCase("100-continue")) {
      throw new MalformedRequestException(Reason.EXPECTATION, "only 100-continue can be expected");
    }
    return expectation.isPresent();
  }
}
