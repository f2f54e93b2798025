package io.forebay.s3.http;

import io.forebay.s3.http.MalformedRequestException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** The head of an answer as octets. */
final class ResponseHead {
  private final StringBuilder text = new StringBuilder(512);

  ResponseHead(int status) {
    text.append("HTTP/1.1 ").append(status).append(' ');
    text.append(HttpResponseStatus.valueOf(status).reasonPhrase()).append("\r\n");
  }

  /**
   * Adds a field.
   *
   * @throws MalformedRequestException for control characters: a client wants them repeated
   */
  ResponseHead field(String name, String value) {
    requireText(name);
    requireText(value);
    text.append(name).append(": ").append(value).append("\r\n");
    return this;
  }

  ResponseHead fields(Headers headers) {
    headers.fields().forEach(field -> field(field.name(), field.value()));
    return this;
  }

  private static void requireText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw new MalformedRequestException(
            Reason.TARGET, "a header field cannot carry control characters");
      }
    }
  }

  /** The head, the blank line after it, and a body. */
  ByteBuf encode(ByteBufAllocator allocator, byte[] body) {
    byte[] head = text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    int length = head.length + body.length;
    return allocator.directBuffer(length, length).writeBytes(head).writeBytes(body);
  }
}
