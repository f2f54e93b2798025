package io.forebay.s3.auth;

import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.util.regex.Pattern;

/** How {@code x-amz-content-sha256} says that the body is to be read and checked. */
sealed interface PayloadMode {
  /** The body is not covered. */
  record Unsigned() implements PayloadMode {}

  /** The whole body has this hash: 64 hex digits. */
  record Hashed(String sha256) implements PayloadMode {}

  /**
   * The body comes in chunks.
   *
   * @param signed whether each carries a signature
   * @param trailer whether trailer fields follow the last
   */
  record Chunked(boolean signed, boolean trailer) implements PayloadMode {}

  String UNSIGNED = "UNSIGNED-PAYLOAD";

  Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");

  /** Reads the declaration. */
  static PayloadMode of(String declared) {
    return switch (declared) {
      case UNSIGNED -> new Unsigned();
      case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> new Chunked(true, false);
      case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> new Chunked(true, true);
      case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> new Chunked(false, true);
      case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
          "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER" ->
          throw new S3Exception(
              S3Error.NOT_IMPLEMENTED, "Signatures of Version 4A are not supported.");
      default -> {
        if (!HASH.matcher(declared).matches()) {
          throw S3Exception.invalidArgument(
              "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, "
                  + "STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
                  + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
              "x-amz-content-sha256",
              declared);
        }
        yield new Hashed(declared);
      }
    };
  }
}
