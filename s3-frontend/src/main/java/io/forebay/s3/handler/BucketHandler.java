package io.forebay.s3.handler;

import io.forebay.engine.BucketInfo;
import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectView;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request.CreateBucket;
import io.forebay.s3.op.S3Request.DeleteBucket;
import io.forebay.s3.op.S3Request.GetBucketAcl;
import io.forebay.s3.op.S3Request.GetBucketLocation;
import io.forebay.s3.op.S3Request.HeadBucket;
import io.forebay.s3.op.S3Request.ListBuckets;
import io.forebay.s3.xml.BucketDocuments;
import io.forebay.s3.xml.Owner;
import io.forebay.s3.xml.RequestDocuments;
import java.util.List;
import java.util.Optional;

/** Buckets themselves. */
final class BucketHandler {
  private final ObjectView objects;
  private final String region;
  private final ContentIntake intake;

  BucketHandler(ObjectView objects, String region, ContentIntake intake) {
    this.objects = objects;
    this.region = region;
    this.intake = intake;
  }

  Response list(ListBuckets op, Request request) {
    List<BucketInfo> all =
        objects.buckets(request.caller()).stream()
            .filter(each -> each.name().value().startsWith(op.prefix()))
            .filter(each -> each.name().value().compareTo(op.after()) > 0)
            .toList();
    int count = Math.min(op.max().orElse(all.size()), all.size());
    Owner owner = Owner.of(request.caller().uid());
    return Answers.document(
        BucketDocuments.list(op, all.subList(0, count), count < all.size(), owner, region));
  }

  Response create(CreateBucket op, Request request) {
    Optional<String> location =
        RequestDocuments.location(intake.document(request.body(), op.checks()));
    location
        .filter(named -> !named.equals(region))
        .ifPresent(named -> {
          throw new S3Exception(
              S3Error.ILLEGAL_LOCATION_CONSTRAINT,
              "The "
                  + named
                  + " location constraint is incompatible for the region specific endpoint "
                  + "this request was sent to.");
        });
    try {
      objects.createBucket(request.caller(), op.bucket());
    } catch (EngineException e) {
      if (e.code() == ErrorCode.BUCKET_EXISTS && isOwn(request.caller(), op.bucket())) {
        throw new S3Exception(S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
      }
      throw e;
    }
    return Response.empty(200, Headers.of("Location", "/" + op.bucket().value()));
  }

  private boolean isOwn(Caller caller, BucketName bucket) {
    try {
      return objects.bucket(caller, bucket).attributes().uid() == caller.uid();
    } catch (EngineException e) {
      // Gone again, or out of this caller's sight: it is not known to be theirs.
      return false;
    }
  }

  Response delete(DeleteBucket op, Request request) {
    objects.deleteBucket(request.caller(), op.bucket());
    return Answers.noContent();
  }

  Response head(HeadBucket op, Request request) {
    objects.bucket(request.caller(), op.bucket());
    return Response.empty(
        200, Headers.of("x-amz-bucket-region", region, "Content-Type", "application/xml"));
  }

  Response location(GetBucketLocation op, Request request) {
    objects.bucket(request.caller(), op.bucket());
    return Answers.document(BucketDocuments.location(region));
  }

  Response acl(GetBucketAcl op, Request request) {
    BucketInfo bucket = objects.bucket(request.caller(), op.bucket());
    return Answers.document(BucketDocuments.acl(Owner.of(bucket.attributes().uid())));
  }
}
