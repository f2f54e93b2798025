package io.forebay.s3.auth;

import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The chain of signatures of a chunked body, each over the one before; the first over that of the
 * head (S3 API reference, "Signature Calculations for the Authorization Header: Transferring
 * Payload in Multiple Chunks"). One thread at a time.
 */
final class ChunkSignatures {
  private final SigningKey key;
  private final String timestamp;
  private final String scope;
  private final MessageDigest chunk = Sha256.digest();
  private String previous;

  ChunkSignatures(SigningKey key, SignatureClaim head) {
    this.key = key;
    this.timestamp = head.timestamp();
    this.scope = head.scope().text();
    this.previous = head.signature();
  }

  /** Takes some bytes of the current chunk; the buffer's position stays. */
  void update(ByteBuffer data) {
    chunk.update(data.duplicate());
  }

  /** Ends the current chunk, which began after the last. */
  void endChunk(String signature) {
    String hash = HexFormat.of().formatHex(chunk.digest());
    require(
        String.join(
            "\n", "AWS4-HMAC-SHA256-PAYLOAD", timestamp, scope, previous, Sha256.EMPTY, hash),
        signature);
  }

  /**
   * Ends the body.
   *
   * @param trailers each as {@code name:value\n}
   */
  void endTrailers(String trailers, String signature) {
    String hash = CanonicalRequest.hash(trailers);
    require(
        String.join("\n", "AWS4-HMAC-SHA256-TRAILER", timestamp, scope, previous, hash), signature);
  }

  private void require(String stringToSign, String signature) {
    if (!key.matches(stringToSign, signature)) {
      throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH)
          .with("StringToSign", stringToSign)
          .with("SignatureProvided", signature);
    }
    previous = signature;
  }
}
