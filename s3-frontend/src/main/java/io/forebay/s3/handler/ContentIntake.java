package io.forebay.s3.handler;

import io.forebay.engine.ContentWriter;
import io.forebay.engine.ObjectView;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ContentDigest;
import io.forebay.s3.http.RequestBody;
import io.forebay.s3.op.ContentChecks;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Takes in the body of a request in one pass: where it goes, and what it hashes to. */
final class ContentIntake {
  /**
   * What came in.
   *
   * @param md5 32 hex digits
   * @param checksums by the engine's names, in base64
   */
  record Received(String md5, SortedMap<String, String> checksums) {}

  private final int maxDocumentBytes;

  ContentIntake(int maxDocumentBytes) {
    this.maxDocumentBytes = maxDocumentBytes;
  }

  /**
   * The length of content that is about to be received.
   *
   * @throws S3Exception {@link S3Error#MISSING_CONTENT_LENGTH}, {@link S3Error#ENTITY_TOO_LARGE}
   */
  static long requireLength(RequestBody body) {
    long length = body.declaredLength();
    if (length < 0) {
      throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
    }
    if (length > ObjectView.MAX_PUT_SIZE) {
      throw new S3Exception(S3Error.ENTITY_TOO_LARGE)
          .with("ProposedSize", Long.toString(length))
          .with("MaxSizeAllowed", Long.toString(ObjectView.MAX_PUT_SIZE));
    }
    return length;
  }

  /**
   * Receives an object or a part. Returns only when the whole body came and is what the request
   * says it is.
   *
   * @param algorithm a checksum to compute, whether the request gives one or not
   */
  Received receive(
      RequestBody body,
      ContentChecks checks,
      Optional<ChecksumAlgorithm> algorithm,
      ContentWriter writer) {
    return receive(body, checks, algorithm, writer::write);
  }

  /**
   * Receives a document.
   *
   * @throws S3Exception {@link S3Error#MAX_MESSAGE_LENGTH_EXCEEDED}
   */
  byte[] document(RequestBody body, ContentChecks checks) {
    if (body.declaredLength() > maxDocumentBytes) {
      throw tooLong();
    }
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    receive(
        body,
        checks,
        Optional.empty(),
        piece -> {
          if (document.size() + piece.remaining() > maxDocumentBytes) {
            throw tooLong();
          }
          byte[] bytes = new byte[piece.remaining()];
          piece.get(bytes);
          document.writeBytes(bytes);
        });
    return document.toByteArray();
  }

  private S3Exception tooLong() {
    return new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED)
        .with("MaxMessageLengthBytes", Integer.toString(maxDocumentBytes));
  }

  private static Received receive(
      RequestBody body,
      ContentChecks checks,
      Optional<ChecksumAlgorithm> algorithm,
      Consumer<ByteBuffer> sink) {
    ContentDigest md5 = ChecksumAlgorithm.startMd5();
    Optional<ChecksumAlgorithm> computed = checks.algorithm().or(() -> algorithm);
    Optional<ContentDigest> checksum = computed.map(ChecksumAlgorithm::start);
    for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
      md5.update(piece.duplicate());
      if (checksum.isPresent()) {
        checksum.get().update(piece.duplicate());
      }
      sink.accept(piece);
    }
    String hex = HexFormat.of().formatHex(md5.finish());
    requireMd5(checks, hex);
    SortedMap<String, String> checksums = new TreeMap<>();
    if (checksum.isPresent()) {
      String value = Base64.getEncoder().encodeToString(checksum.get().finish());
      checksums.put(computed.orElseThrow().key(), value);
      requireChecksum(body, checks, value);
    }
    return new Received(hex, checksums);
  }

  private static void requireMd5(ContentChecks checks, String computed) {
    if (checks.md5().isPresent() && !checks.md5().get().equals(computed)) {
      throw new S3Exception(S3Error.BAD_DIGEST)
          .with("ExpectedDigest", base64(checks.md5().get()))
          .with("CalculatedDigest", base64(computed));
    }
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  private static void requireChecksum(RequestBody body, ContentChecks checks, String computed) {
    if (checks.algorithm().isEmpty()) {
      return;
    }
    ChecksumAlgorithm algorithm = checks.algorithm().get();
    String expected =
        checks
            .value()
            .or(() -> body.trailers().first(algorithm.header()))
            .orElseThrow(() -> new S3Exception(S3Error.MALFORMED_TRAILER));
    ContentChecks.requireValue(algorithm, expected);
    if (!expected.equals(computed)) {
      throw new S3Exception(
          S3Error.CONTENT_CHECKSUM_MISMATCH,
          "The " + algorithm + " you specified did not match the calculated checksum.");
    }
  }
}
