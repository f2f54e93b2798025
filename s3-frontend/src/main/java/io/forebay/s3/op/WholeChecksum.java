package io.forebay.s3.op;

import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.http.Headers;
import java.util.Optional;

/**
 * The checksum that a completed upload must have, given with the completion. Its {@code
 * x-amz-checksum-} header is about the object, not about the body of the request.
 *
 * @param value as S3 writes it; composite ones end in a dash and the number of parts
 */
public record WholeChecksum(ChecksumAlgorithm algorithm, String value) {
  static Optional<WholeChecksum> of(Headers headers) {
    Optional<WholeChecksum> found = Optional.empty();
    for (ChecksumAlgorithm each : ChecksumAlgorithm.values()) {
      Optional<String> value = headers.first(each.header());
      if (value.isPresent()) {
        if (found.isPresent()) {
          throw new S3Exception(
              S3Error.INVALID_REQUEST,
              "Expecting a single x-amz-checksum- header. Multiple checksum Types are not "
                  + "allowed.");
        }
        int dash = value.get().indexOf('-');
        ContentChecks.requireValue(each, dash < 0 ? value.get() : value.get().substring(0, dash));
        found = Optional.of(new WholeChecksum(each, value.get()));
      }
    }
    return found;
  }
}
