package io.forebay.s3.auth;

import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body of given bytes, handed out in pieces of a given size. */
final class BytesBody implements RequestBody {
  private final ByteBuffer bytes;
  private final int piece;

  BytesBody(byte[] bytes, int piece) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.piece = piece;
  }

  @Override
  public long declaredLength() {
    return bytes.capacity();
  }

  @Override
  public @Nullable ByteBuffer read() {
    if (!bytes.hasRemaining()) {
      return null;
    }
    int length = Math.min(piece, bytes.remaining());
    ByteBuffer next = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    return next;
  }

  @Override
  public Headers trailers() {
    return Headers.NONE;
  }

  @Override
  public void close() {}

  /** Everything a body has. */
  static byte[] drain(RequestBody body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer next = body.read(); next != null; next = body.read()) {
      byte[] copy = new byte[next.remaining()];
      next.get(copy);
      all.writeBytes(copy);
    }
    return all.toByteArray();
  }
}
