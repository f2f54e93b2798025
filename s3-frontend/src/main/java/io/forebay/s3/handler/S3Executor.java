package io.forebay.s3.handler;

import io.forebay.engine.Caller;
import io.forebay.engine.ObjectView;
import io.forebay.s3.S3Config;
import io.forebay.s3.http.RequestBody;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Resource;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.RequestDecoder;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Operation;
import io.forebay.s3.op.S3Request;

/**
 * Carries out one authenticated request. Thread-safe; blocks.
 *
 * <p>Ownership: the body stays the caller's, who closes it when the answer is there; what remains
 * of it may be unread. The answer is the caller's to send or to {@link Response#discard()}.
 */
public final class S3Executor {
  private final BucketHandler buckets;
  private final ConfigurationHandler configurations;
  private final ListingHandler listings;
  private final ReadHandler reads;
  private final WriteHandler writes;
  private final CopyHandler copies;
  private final DeleteHandler deletes;
  private final TagHandler tags;
  private final UploadHandler uploads;
  private final CompletionHandler completions;
  private final UploadListingHandler uploadListings;
  private final ExpectedOwner expectedOwner;

  public S3Executor(S3Config config, ObjectView objects) {
    ContentIntake intake = new ContentIntake(config.limits().maxDocumentBytes());
    this.buckets = new BucketHandler(objects, config.region(), intake);
    this.configurations = new ConfigurationHandler(objects, intake);
    this.listings = new ListingHandler(objects);
    this.reads = new ReadHandler(objects);
    this.writes = new WriteHandler(objects, intake);
    this.copies = new CopyHandler(objects);
    this.deletes = new DeleteHandler(objects, intake);
    this.tags = new TagHandler(objects, intake);
    this.uploads = new UploadHandler(objects, intake);
    this.completions = new CompletionHandler(objects, intake);
    this.uploadListings = new UploadListingHandler(objects);
    this.expectedOwner = new ExpectedOwner(objects);
  }

  /**
   * Executes.
   *
   * @param operation from {@link io.forebay.s3.op.RequestRouter}
   * @param body checked, while it is read, for whatever the signature covers
   * @throws S3Exception for every answer other than success
   * @throws io.forebay.s3.http.RequestAbortedException when there is nobody left to answer
   */
  public Response execute(
      S3Operation operation, RequestHead head, Resource resource, Caller caller, RequestBody body) {
    Request request = new Request(caller, head, resource, body);
    return request.answer(() -> {
      S3Request decoded = RequestDecoder.decode(operation, head, resource);
      expectedOwner.require(caller, head.headers(), resource, decoded);
      return execute(decoded, request);
    });
  }

  private Response execute(S3Request operation, Request request) {
    return switch (operation) {
      case S3Request.ListBuckets op -> buckets.list(op, request);
      case S3Request.CreateBucket op -> buckets.create(op, request);
      case S3Request.DeleteBucket op -> buckets.delete(op, request);
      case S3Request.HeadBucket op -> buckets.head(op, request);
      case S3Request.GetBucketLocation op -> buckets.location(op, request);
      case S3Request.GetBucketVersioning op -> configurations.versioning(op, request);
      case S3Request.PutBucketVersioning op -> configurations.setVersioning(op, request);
      case S3Request.BucketConfiguration op -> configurations.execute(op, request);
      case S3Request.ListObjectVersions op -> listings.versions(op, request);
      case S3Request.GetBucketAcl op -> buckets.acl(op, request);
      case S3Request.ListObjects op -> listings.first(op, request);
      case S3Request.ListObjectsV2 op -> listings.second(op, request);
      case S3Request.PutObject op -> writes.put(op, request);
      case S3Request.CopyObject op -> copies.copy(op, request);
      case S3Request.ReadObject op -> reads.read(op, request);
      case S3Request.GetObjectAttributes op -> reads.attributes(op, request);
      case S3Request.GetObjectAcl op -> reads.acl(op, request);
      case S3Request.DeleteObject op -> deletes.delete(op, request);
      case S3Request.DeleteObjects op -> deletes.deleteAll(op, request);
      case S3Request.GetObjectTagging op -> tags.get(op, request);
      case S3Request.PutObjectTagging op -> tags.put(op, request);
      case S3Request.DeleteObjectTagging op -> tags.delete(op, request);
      case S3Request.CreateMultipartUpload op -> uploads.create(op, request);
      case S3Request.UploadPart op -> uploads.put(op, request);
      case S3Request.UploadPartCopy op -> uploads.copy(op, request);
      case S3Request.CompleteMultipartUpload op -> completions.complete(op, request);
      case S3Request.AbortMultipartUpload op -> uploads.abort(op, request);
      case S3Request.ListParts op -> uploadListings.parts(op, request);
      case S3Request.ListMultipartUploads op -> uploadListings.uploads(op, request);
    };
  }
}
