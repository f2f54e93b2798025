package io.forebay.s3.op;

import io.forebay.engine.BucketName;
import io.forebay.engine.ByteRange;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.UploadId;
import io.forebay.engine.VersionId;
import io.forebay.engine.WriteCondition;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ChecksumType;
import io.forebay.s3.http.Headers;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** An operation with its parameters, as far as the head of the request carries them; checked. */
public sealed interface S3Request {
  // --- service and buckets

  /**
   * ListBuckets.
   *
   * @param prefix of their names
   * @param after names greater than this; from the continuation token
   * @param max names in one answer; empty: all
   */
  record ListBuckets(String prefix, String after, OptionalInt max) implements S3Request {}

  record CreateBucket(BucketName bucket, ContentChecks checks) implements S3Request {}

  record DeleteBucket(BucketName bucket) implements S3Request {}

  record HeadBucket(BucketName bucket) implements S3Request {}

  record GetBucketLocation(BucketName bucket) implements S3Request {}

  record GetBucketVersioning(BucketName bucket) implements S3Request {}

  record PutBucketVersioning(BucketName bucket, ContentChecks checks) implements S3Request {}

  /** GET, PUT, DELETE of a setting of a bucket that has no record of its own. */
  record BucketConfiguration(BucketName bucket, S3Operation operation, ContentChecks checks)
      implements S3Request {}

  record GetBucketAcl(BucketName bucket) implements S3Request {}

  // --- listings

  /**
   * What both listings share.
   *
   * @param maxKeys 0 to 1,000
   * @param urlEncoding whether keys in the answer are percent-encoded
   */
  record Listing(
      BucketName bucket, String prefix, String delimiter, int maxKeys, boolean urlEncoding) {}

  record ListObjects(Listing listing, String marker) implements S3Request {}

  /**
   * ListObjectsV2.
   *
   * @param token as it came; empty: none
   * @param after where to begin: the token's key, else {@code startAfter}
   */
  record ListObjectsV2(
      Listing listing, Optional<String> token, String startAfter, String after, boolean fetchOwner)
      implements S3Request {}

  /**
   * ListObjectVersions.
   *
   * @param keyMarker keys greater than this
   * @param versionMarker with {@code keyMarker}: also that key's versions after this one
   */
  record ListObjectVersions(Listing listing, String keyMarker, Optional<VersionId> versionMarker)
      implements S3Request {}

  // --- objects

  record PutObject(
      ObjectAddress address,
      ObjectProperties properties,
      ContentChecks checks,
      WriteCondition condition)
      implements S3Request {}

  /**
   * CopyObject.
   *
   * @param replacement metadata and headers to take instead of the source's
   * @param replacementTags tags to take instead of the source's
   * @param algorithm the checksum that the copy is to have
   */
  record CopyObject(
      ObjectAddress address,
      CopyOrigin origin,
      Optional<ObjectProperties> replacement,
      Optional<ObjectProperties> replacementTags,
      Optional<ChecksumAlgorithm> algorithm,
      WriteCondition condition)
      implements S3Request {}

  /**
   * GetObject, HeadObject.
   *
   * @param withBody whether it is GET
   * @param ifRange the ETag or date under which {@code range} counts
   * @param overrides header fields to answer instead of the stored ones
   * @param checksums whether the answer is to have them
   */
  record ReadObject(
      ObjectAddress address,
      Optional<VersionId> version,
      boolean withBody,
      ReadPreconditions preconditions,
      Optional<RangeHeader> range,
      Optional<String> ifRange,
      OptionalInt partNumber,
      Headers overrides,
      boolean checksums)
      implements S3Request {}

  record GetObjectAttributes(
      ObjectAddress address,
      Optional<VersionId> version,
      ReadPreconditions preconditions,
      Set<ObjectAttribute> attributes)
      implements S3Request {}

  record DeleteObject(
      ObjectAddress address,
      Optional<VersionId> version,
      boolean bypassGovernance,
      WriteCondition condition)
      implements S3Request {}

  record DeleteObjects(BucketName bucket, boolean bypassGovernance, ContentChecks checks)
      implements S3Request {}

  record GetObjectAcl(ObjectAddress address, Optional<VersionId> version) implements S3Request {}

  record GetObjectTagging(ObjectAddress address, Optional<VersionId> version)
      implements S3Request {}

  record PutObjectTagging(ObjectAddress address, Optional<VersionId> version, ContentChecks checks)
      implements S3Request {}

  record DeleteObjectTagging(ObjectAddress address, Optional<VersionId> version)
      implements S3Request {}

  // --- uploads in parts

  record CreateMultipartUpload(
      ObjectAddress address,
      ObjectProperties properties,
      Optional<ChecksumAlgorithm> algorithm,
      Optional<ChecksumType> type)
      implements S3Request {}

  record UploadPart(UploadAddress upload, int number, ContentChecks checks) implements S3Request {}

  record UploadPartCopy(
      UploadAddress upload, int number, CopyOrigin origin, Optional<ByteRange> range)
      implements S3Request {}

  /**
   * CompleteMultipartUpload.
   *
   * @param whole the checksum the whole object must have
   * @param type of {@code whole}, where the client says so
   * @param size the whole object must have
   */
  record CompleteMultipartUpload(
      UploadAddress upload,
      Optional<WholeChecksum> whole,
      Optional<ChecksumType> type,
      OptionalLong size,
      WriteCondition condition)
      implements S3Request {}

  record AbortMultipartUpload(UploadAddress upload) implements S3Request {}

  /**
   * ListParts.
   *
   * @param marker part numbers greater than this
   * @param max 0 to 1,000
   */
  record ListParts(UploadAddress upload, int marker, int max, boolean urlEncoding)
      implements S3Request {}

  /**
   * ListMultipartUploads.
   *
   * @param listing {@code maxKeys} counts uploads
   * @param keyMarker keys greater than this, or, with {@code idMarker}, not less
   */
  record ListMultipartUploads(Listing listing, String keyMarker, Optional<UploadId> idMarker)
      implements S3Request {}
}
