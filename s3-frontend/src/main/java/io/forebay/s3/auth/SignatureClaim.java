package io.forebay.s3.auth;

import java.util.List;

/**
 * What a request says of its signature; nothing of it is checked yet but its form.
 *
 * @param timestamp as signed: {@code yyyyMMdd'T'HHmmss'Z'}
 * @param epochSeconds the same as a number
 * @param signedHeaders as written; names in lower case, or they match nothing
 * @param signature as written
 * @param place where it was written
 * @param expiresSeconds how long it is valid from its timestamp on; 0 in a header: there it is the
 *     permitted skew that counts
 */
record SignatureClaim(
    CredentialScope scope,
    String timestamp,
    long epochSeconds,
    List<String> signedHeaders,
    String signature,
    Place place,
    long expiresSeconds) {
  /** Where a signature stands. */
  enum Place {
    HEADER,
    QUERY
  }

  SignatureClaim {
    signedHeaders = List.copyOf(signedHeaders);
  }

  /** What is signed, given the canonical request's hash (64 hex digits). */
  String stringToSign(String canonicalHash) {
    return String.join("\n", SignatureClaims.ALGORITHM, timestamp, scope.text(), canonicalHash);
  }
}
