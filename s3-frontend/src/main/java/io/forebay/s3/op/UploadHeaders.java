package io.forebay.s3.op;

import io.forebay.engine.ByteRange;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ChecksumType;
import io.forebay.s3.http.Headers;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the headers say about uploads in parts. */
final class UploadHeaders {
  private static final Pattern COPY_RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

  private final Headers headers;

  UploadHeaders(Headers headers) {
    this.headers = headers;
  }

  /** The algorithm that a copy or an upload is to have a checksum of. */
  static Optional<ChecksumAlgorithm> algorithm(Headers headers) {
    return headers
        .first("x-amz-checksum-algorithm")
        .map(name ->
            ChecksumAlgorithm.named(name)
                .orElseThrow(() ->
                    new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Checksum algorithm provided is unsupported. Please try again with "
                            + "any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, "
                            + "SHA256]")));
  }

  private Optional<ChecksumType> checksumType() {
    return headers
        .first("x-amz-checksum-type")
        .map(name ->
            ChecksumType.named(name)
                .orElseThrow(() ->
                    new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Value for x-amz-checksum-type header is invalid.")));
  }

  /** CreateMultipartUpload. */
  S3Request create(ObjectAddress address) {
    Optional<ChecksumAlgorithm> algorithm = algorithm(headers);
    Optional<ChecksumType> type = checksumType();
    if (type.isPresent() && algorithm.isEmpty()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm "
              + "header.");
    }
    if (type.isPresent() && !type.get().isOfferedFor(algorithm.orElseThrow())) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "The "
              + type.get()
              + " checksum type cannot be used with the "
              + algorithm.get().key()
              + " checksum algorithm.");
    }
    return new S3Request.CreateMultipartUpload(address, StoredHeaders.of(headers), algorithm, type);
  }

  /** CompleteMultipartUpload. */
  S3Request complete(UploadAddress upload) {
    OptionalLong size = OptionalLong.empty();
    Optional<String> given = headers.first("x-amz-mp-object-size");
    if (given.isPresent()) {
      try {
        size = OptionalLong.of(Long.parseLong(given.get()));
      } catch (NumberFormatException e) {
        throw new S3Exception(
            S3Error.INVALID_REQUEST, "Value for x-amz-mp-object-size header is invalid.");
      }
    }
    return new S3Request.CompleteMultipartUpload(
        upload,
        WholeChecksum.of(headers),
        checksumType(),
        size,
        WritePreconditions.ofWrite(headers));
  }

  /** The range of UploadPartCopy, which has both ends. */
  Optional<ByteRange> copyRange() {
    return headers
        .first("x-amz-copy-source-range")
        .map(text -> {
          Matcher matcher = COPY_RANGE.matcher(text);
          if (matcher.matches()) {
            long first = Long.parseLong(matcher.group(1));
            long last = Long.parseLong(matcher.group(2));
            if (first <= last) {
              return new ByteRange(first, last - first + 1);
            }
          }
          throw S3Exception.invalidArgument(
              "The x-amz-copy-source-range value must be of the form bytes=first-last where "
                  + "first and last are the zero-based offsets of the first and last bytes to "
                  + "copy",
              "x-amz-copy-source-range",
              text);
        });
  }
}
