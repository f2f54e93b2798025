package io.forebay.s3.handler;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.ObjectView;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Resource;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request;
import java.util.Optional;

/**
 * The protection against a bucket that changed hands: {@code x-amz-expected-bucket-owner} and its
 * counterpart for the source of a copy. A bucket's account is its directory's user, as twelve
 * digits.
 */
final class ExpectedOwner {
  private final ObjectView objects;

  ExpectedOwner(ObjectView objects) {
    this.objects = objects;
  }

  /**
   * Checks the headers, where there are any.
   *
   * @throws S3Exception {@link S3Error#ACCESS_DENIED} when the bucket is somebody else's
   */
  void require(Caller caller, Headers headers, Resource resource, S3Request request) {
    Optional<String> expected = headers.first("x-amz-expected-bucket-owner");
    if (expected.isPresent() && !resource.bucket().isEmpty()) {
      require(caller, new BucketName(resource.bucket()), expected.get());
    }
    Optional<String> source = headers.first("x-amz-source-expected-bucket-owner");
    if (source.isPresent()) {
      switch (request) {
        case S3Request.CopyObject copy ->
            require(caller, copy.origin().address().bucket(), source.get());
        case S3Request.UploadPartCopy copy ->
            require(caller, copy.origin().address().bucket(), source.get());
        default -> {}
      }
    }
  }

  private void require(Caller caller, BucketName bucket, String expected) {
    if (!expected.equals(account(objects.bucket(caller, bucket).attributes().uid()))) {
      throw new S3Exception(S3Error.ACCESS_DENIED);
    }
  }

  /** The account number of a user. */
  static String account(int uid) {
    return String.format("%012d", Integer.toUnsignedLong(uid));
  }
}
