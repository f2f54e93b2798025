package io.forebay.s3.op;

import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.http.Headers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a request says its content must hash to.
 *
 * @param md5 of {@code Content-MD5}, 32 hex digits
 * @param algorithm of a checksum that is given
 * @param value of it in base64; empty: it comes in the trailer
 */
public record ContentChecks(
    Optional<String> md5, Optional<ChecksumAlgorithm> algorithm, Optional<String> value) {
  /** Nothing to check. */
  public static final ContentChecks NONE =
      new ContentChecks(Optional.empty(), Optional.empty(), Optional.empty());

  private static final int MD5_BYTES = 16;

  /**
   * Takes them from header fields.
   *
   * @throws S3Exception {@link S3Error#INVALID_DIGEST}, {@link S3Error#INVALID_REQUEST}
   */
  static ContentChecks of(Headers headers) {
    List<ChecksumAlgorithm> given = new ArrayList<>();
    Optional<String> value = Optional.empty();
    for (ChecksumAlgorithm each : ChecksumAlgorithm.values()) {
      Optional<String> header = headers.first(each.header());
      if (header.isPresent()) {
        value = header;
        given.add(each);
      }
    }
    trailer(headers).ifPresent(given::add);
    if (given.size() > 1) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }
    Optional<ChecksumAlgorithm> algorithm = given.stream().findFirst();
    value.ifPresent(text -> requireValue(given.getFirst(), text));
    requireAnnounced(headers, algorithm);
    return new ContentChecks(md5(headers), algorithm, value);
  }

  private static Optional<String> md5(Headers headers) {
    return headers
        .first("content-md5")
        .map(text -> {
          try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == MD5_BYTES) {
              return HexFormat.of().formatHex(bytes);
            }
          } catch (IllegalArgumentException notBase64) {
            // The same as a value of the wrong length.
          }
          throw new S3Exception(S3Error.INVALID_DIGEST).with("Content-MD5", text);
        });
  }

  private static Optional<ChecksumAlgorithm> trailer(Headers headers) {
    Optional<ChecksumAlgorithm> found = Optional.empty();
    for (String each : String.join(",", headers.all("x-amz-trailer")).split(",")) {
      String name = each.strip().toLowerCase(Locale.ROOT);
      for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
        if (name.equals(algorithm.header())) {
          found = Optional.of(algorithm);
        }
      }
      if (!name.isEmpty() && found.isEmpty()) {
        throw new S3Exception(
            S3Error.INVALID_REQUEST,
            "The value specified in the x-amz-trailer header is not supported");
      }
    }
    return found;
  }

  /** A client that names an algorithm and sends no value would believe something was checked. */
  private static void requireAnnounced(Headers headers, Optional<ChecksumAlgorithm> algorithm) {
    Optional<String> announced = headers.first("x-amz-sdk-checksum-algorithm");
    if (announced.isEmpty()) {
      return;
    }
    ChecksumAlgorithm named =
        ChecksumAlgorithm.named(announced.get())
            .orElseThrow(() ->
                new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Value for x-amz-sdk-checksum-algorithm header is invalid."));
    if (algorithm.isEmpty()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
              + "x-amz-trailer headers were found.");
    }
    if (named != algorithm.get()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST, "Value for x-amz-sdk-checksum-algorithm header is invalid.");
    }
  }

  /**
   * Requires a text to be a value of an algorithm.
   *
   * @throws S3Exception {@link S3Error#INVALID_REQUEST}
   */
  public static void requireValue(ChecksumAlgorithm algorithm, String text) {
    if (!algorithm.isValue(text)) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST, "Value for " + algorithm.header() + " header is invalid.");
    }
  }
}
