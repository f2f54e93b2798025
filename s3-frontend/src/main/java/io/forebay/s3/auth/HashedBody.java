package io.forebay.s3.auth;

import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestBody;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A body whose hash was signed. The end is reported only when the hash is right. */
final class HashedBody implements RequestBody {
  private final RequestBody inner;
  private final String declared;
  private final MessageDigest digest = Sha256.digest();
  private boolean checked;

  HashedBody(RequestBody inner, String declared) {
    this.inner = inner;
    this.declared = declared;
  }

  @Override
  public long declaredLength() {
    return inner.declaredLength();
  }

  @Override
  public @Nullable ByteBuffer read() {
    ByteBuffer next = inner.read();
    if (next != null) {
      digest.update(next.duplicate());
    } else if (!checked) {
      requireHash();
      checked = true;
    }
    return next;
  }

  private void requireHash() {
    String computed = HexFormat.of().formatHex(digest.digest());
    if (!computed.equals(declared.toLowerCase(Locale.ROOT))) {
      throw new S3Exception(S3Error.CONTENT_SHA256_MISMATCH)
          .with("ClientComputedContentSHA256", declared)
          .with("S3ComputedContentSHA256", computed);
    }
  }

  @Override
  public Headers trailers() {
    return inner.trailers();
  }

  @Override
  public void close() {
    inner.close();
  }
}
