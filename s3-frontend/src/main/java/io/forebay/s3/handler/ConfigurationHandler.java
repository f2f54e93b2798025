package io.forebay.s3.handler;

import io.forebay.engine.BucketName;
import io.forebay.engine.BucketSetting;
import io.forebay.engine.ObjectView;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request.BucketConfiguration;
import io.forebay.s3.op.S3Request.GetBucketVersioning;
import io.forebay.s3.op.S3Request.PutBucketVersioning;
import io.forebay.s3.xml.BucketDocuments;
import io.forebay.s3.xml.ConfigurationDocuments;
import io.forebay.s3.xml.ObjectDocuments;
import io.forebay.s3.xml.RequestDocuments;
import java.util.Optional;

/** Settings of buckets; what is not set, and what is not offered, in S3's own words. */
final class ConfigurationHandler {
  private final ObjectView objects;
  private final ContentIntake intake;

  ConfigurationHandler(ObjectView objects, ContentIntake intake) {
    this.objects = objects;
    this.intake = intake;
  }

  Response versioning(GetBucketVersioning op, Request request) {
    return Answers.document(
        BucketDocuments.versioning(objects.versioning(request.caller(), op.bucket())));
  }

  Response setVersioning(PutBucketVersioning op, Request request) {
    objects.setVersioning(
        request.caller(),
        op.bucket(),
        RequestDocuments.versioning(intake.document(request.body(), op.checks())));
    return Response.empty(200, Headers.NONE);
  }

  Response execute(BucketConfiguration op, Request request) {
    objects.bucket(request.caller(), op.bucket());
    return switch (op.operation()) {
      case GET_BUCKET_TAGGING -> tagging(op.bucket(), request);
      case PUT_BUCKET_TAGGING -> {
        byte[] document = intake.document(request.body(), op.checks());
        byte[] kept = ObjectDocuments.tagging(RequestDocuments.bucketTagging(document));
        put(op.bucket(), BucketSetting.TAGGING, Optional.of(kept), request);
        yield Answers.noContent();
      }
      case DELETE_BUCKET_TAGGING -> {
        put(op.bucket(), BucketSetting.TAGGING, Optional.empty(), request);
        yield Answers.noContent();
      }
      case GET_BUCKET_REQUEST_PAYMENT -> Answers.document(ConfigurationDocuments.ownerPays());
      case GET_BUCKET_LOGGING ->
          Answers.document(ConfigurationDocuments.empty("BucketLoggingStatus"));
      case GET_BUCKET_NOTIFICATION_CONFIGURATION ->
          Answers.document(ConfigurationDocuments.empty("NotificationConfiguration"));
      case GET_BUCKET_ACCELERATE_CONFIGURATION ->
          Answers.document(ConfigurationDocuments.empty("AccelerateConfiguration"));
      case GET_BUCKET_OWNERSHIP_CONTROLS ->
          Answers.document(ConfigurationDocuments.ownerEnforced());
      case GET_BUCKET_CORS -> throw new S3Exception(S3Error.NO_SUCH_CORS_CONFIGURATION);
      case GET_BUCKET_LIFECYCLE_CONFIGURATION ->
          throw new S3Exception(S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION);
      case GET_BUCKET_ENCRYPTION -> throw new S3Exception(S3Error.NO_SUCH_ENCRYPTION_CONFIGURATION);
      case GET_PUBLIC_ACCESS_BLOCK -> throw new S3Exception(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK);
      case GET_BUCKET_WEBSITE -> throw new S3Exception(S3Error.NO_SUCH_WEBSITE_CONFIGURATION);
      case GET_BUCKET_REPLICATION ->
          throw new S3Exception(S3Error.NO_SUCH_REPLICATION_CONFIGURATION);
      case GET_OBJECT_LOCK_CONFIGURATION ->
          throw new S3Exception(S3Error.NO_SUCH_OBJECT_LOCK_CONFIGURATION);
      default -> throw new IllegalStateException(op.operation() + " is no setting of a bucket");
    };
  }

  private Response tagging(BucketName bucket, Request request) {
    byte[] kept = objects.settings(request.caller(), bucket).get(BucketSetting.TAGGING);
    if (kept == null) {
      throw new S3Exception(S3Error.NO_SUCH_TAG_SET);
    }
    return Answers.document(kept);
  }

  private void put(
      BucketName bucket, BucketSetting setting, Optional<byte[]> value, Request request) {
    objects.putSetting(request.caller(), bucket, setting, value);
  }
}
