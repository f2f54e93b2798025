package io.forebay.s3.auth;

import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestBody;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The content of an {@code aws-chunked} body. */
final class AwsChunkedBody implements RequestBody {
  private final RequestBody inner;
  private final long contentLength;
  private final AwsChunkedDecoder decoder;
  private @Nullable ByteBuffer input;
  private boolean ended;

  AwsChunkedBody(RequestBody inner, long contentLength, AwsChunkedDecoder decoder) {
    this.inner = inner;
    this.contentLength = contentLength;
    this.decoder = decoder;
  }

  @Override
  public long declaredLength() {
    return contentLength;
  }

  @Override
  public @Nullable ByteBuffer read() {
    while (!ended) {
      if (input != null) {
        ByteBuffer content = decoder.decode(input);
        if (content != null) {
          return content;
        }
      }
      input = inner.read();
      if (input == null) {
        decoder.end();
        ended = true;
      }
    }
    return null;
  }

  @Override
  public Headers trailers() {
    return ended ? decoder.trailers() : Headers.NONE;
  }

  @Override
  public void close() {
    inner.close();
  }
}
