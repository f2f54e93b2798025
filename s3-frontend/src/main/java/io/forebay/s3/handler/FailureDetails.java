package io.forebay.s3.handler;

import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Resource;
import io.forebay.s3.op.S3Exception;

/** What S3 tells beside code and message: the name that was asked for. */
final class FailureDetails {
  private FailureDetails() {}

  /** Adds them, where a failure does not have them yet. */
  static S3Exception add(S3Exception failure, RequestHead head, Resource resource) {
    // Of a copy it is not known which of the two names is meant.
    boolean copy = head.headers().contains("x-amz-copy-source");
    return switch (failure.error()) {
      case NO_SUCH_KEY -> copy ? failure : with(failure, "Key", resource.key());
      case NO_SUCH_BUCKET -> copy ? failure : with(failure, "BucketName", resource.bucket());
      case INVALID_BUCKET_NAME,
          BUCKET_ALREADY_EXISTS,
          BUCKET_ALREADY_OWNED_BY_YOU,
          BUCKET_NOT_EMPTY ->
          with(failure, "BucketName", resource.bucket());
      case INVALID_OBJECT_NAME,
          EXISTING_OBJECT_IS_DIRECTORY,
          OBJECT_PARENT_IS_FILE,
          EXISTING_FILE_IS_SPECIAL,
          DIRECTORY_OBJECT_CONTAINS_DATA ->
          with(failure, "Key", resource.key());
      case NO_SUCH_UPLOAD, INVALID_PART, INVALID_PART_ORDER, ENTITY_TOO_SMALL ->
          head.query().first("uploadId").map(id -> with(failure, "UploadId", id)).orElse(failure);
      case PRECONDITION_FAILED -> with(failure, "Condition", condition(head));
      case METHOD_NOT_ALLOWED -> with(failure, "Method", head.method());
      default -> failure;
    };
  }

  private static S3Exception with(S3Exception failure, String element, String text) {
    return failure.details().containsKey(element) ? failure : failure.with(element, text);
  }

  /** The engine decided on the one condition that a write can have. */
  private static String condition(RequestHead head) {
    return head.headers().contains("if-match") ? "If-Match" : "If-None-Match";
  }
}
