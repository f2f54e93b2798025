package io.forebay.s3.op;

import io.forebay.engine.WriteCondition;
import io.forebay.s3.http.Headers;
import java.util.List;
import java.util.Optional;

/** The conditions of a write or delete; those that S3 does not offer there are refused. */
final class WritePreconditions {
  private static final List<String> DATES = List.of("if-modified-since", "if-unmodified-since");

  private WritePreconditions() {}

  /** Of PutObject, CopyObject and CompleteMultipartUpload. */
  static WriteCondition ofWrite(Headers headers) {
    refuse(headers, DATES);
    Optional<String> ifNoneMatch = headers.first("if-none-match");
    Optional<String> ifMatch = headers.first("if-match");
    if (ifNoneMatch.isPresent() && ifMatch.isPresent()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST, "If-Match and If-None-Match cannot be used together.");
    }
    if (ifNoneMatch.isPresent()) {
      if (!ifNoneMatch.get().strip().equals("*")) {
        throw notImplemented("If-None-Match");
      }
      return WriteCondition.IF_ABSENT;
    }
    return ifMatch.map(WritePreconditions::matching).orElse(WriteCondition.ALWAYS);
  }

  /** Of DeleteObject. */
  static WriteCondition ofDelete(Headers headers) {
    refuse(headers, DATES);
    refuse(
        headers,
        List.of("if-none-match", "x-amz-if-match-last-modified-time", "x-amz-if-match-size"));
    return headers
        .first("if-match")
        .map(WritePreconditions::matching)
        .orElse(WriteCondition.ALWAYS);
  }

  private static WriteCondition matching(String etag) {
    return new WriteCondition.IfMatches(EntityTags.bare(etag));
  }

  private static void refuse(Headers headers, List<String> names) {
    for (String name : names) {
      if (headers.contains(name)) {
        throw notImplemented(name);
      }
    }
  }

  private static S3Exception notImplemented(String header) {
    return new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", header);
  }
}
