package io.forebay.s3.handler;

import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestBody;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A body that comes in small pieces, each overwritten once the next is asked for. */
final class TestBody implements RequestBody {
  private static final int PIECE = 1000;

  private final byte[] bytes;
  private final long declared;
  private final Headers trailers;
  private byte[] piece = new byte[0];
  private int position;
  private int failing = Integer.MAX_VALUE;
  private boolean closed;

  TestBody(byte[] bytes) {
    this(bytes, bytes.length, Headers.NONE);
  }

  TestBody(byte[] bytes, long declared, Headers trailers) {
    this.bytes = bytes;
    this.declared = declared;
    this.trailers = trailers;
  }

  /** The client stops sending, or sends what it did not sign. */
  TestBody failingAfter(int count) {
    failing = count;
    return this;
  }

  /** How much of it was taken. */
  int position() {
    return position;
  }

  @Override
  public long declaredLength() {
    return declared;
  }

  @Override
  public @Nullable ByteBuffer read() {
    if (closed) {
      throw new AssertionError("read after close");
    }
    if (position >= failing) {
      throw new S3Exception(S3Error.INCOMPLETE_BODY);
    }
    Arrays.fill(piece, (byte) 0xA5);
    if (position == bytes.length) {
      return null;
    }
    piece = new byte[Math.min(PIECE, bytes.length - position)];
    System.arraycopy(bytes, position, piece, 0, piece.length);
    position += piece.length;
    return ByteBuffer.wrap(piece);
  }

  @Override
  public Headers trailers() {
    return position == bytes.length ? trailers : Headers.NONE;
  }

  @Override
  public void close() {
    closed = true;
  }
}
