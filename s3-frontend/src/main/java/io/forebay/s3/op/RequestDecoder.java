package io.forebay.s3.op;

import io.forebay.engine.BucketName;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.UploadId;
import io.forebay.engine.VersionId;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Resource;
import io.forebay.s3.op.S3Request.Listing;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns the head of a request into its operation's record. */
public final class RequestDecoder {
  private static final String[] OVERRIDES = {
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires"
  };

  private final Resource resource;
  private final Headers headers;
  private final Parameters query;
  private final UploadHeaders uploads;

  private RequestDecoder(RequestHead head, Resource resource) {
    this.resource = resource;
    this.headers = head.headers();
    this.query = new Parameters(head.query());
    this.uploads = new UploadHeaders(headers);
  }

  /**
   * Decodes.
   *
   * @param operation from {@link RequestRouter}
   * @throws S3Exception for what S3 refuses, and {@link S3Error#NOT_IMPLEMENTED} by the operation's
   *     name
   * @throws EngineException {@link ErrorCode#INVALID_BUCKET_NAME}, {@link ErrorCode#INVALID_KEY},
   *     {@link ErrorCode#KEY_TOO_LONG}
   */
  public static S3Request decode(S3Operation operation, RequestHead head, Resource resource) {
    RequestDecoder decoder = new RequestDecoder(head, resource);
    UnsupportedSettings.refuse(head.headers());
    return decoder.decode(operation);
  }

  private S3Request decode(S3Operation operation) {
    return switch (operation) {
      case LIST_BUCKETS -> listBuckets();
      case CREATE_BUCKET -> createBucket();
      case DELETE_BUCKET -> new S3Request.DeleteBucket(bucket());
      case HEAD_BUCKET -> new S3Request.HeadBucket(bucket());
      case GET_BUCKET_LOCATION -> new S3Request.GetBucketLocation(bucket());
      case GET_BUCKET_VERSIONING -> new S3Request.GetBucketVersioning(bucket());
      case PUT_BUCKET_VERSIONING ->
          new S3Request.PutBucketVersioning(bucket(), ContentChecks.of(headers));
      case LIST_OBJECT_VERSIONS -> listObjectVersions();
      case GET_BUCKET_TAGGING,
          PUT_BUCKET_TAGGING,
          DELETE_BUCKET_TAGGING,
          GET_BUCKET_OWNERSHIP_CONTROLS,
          GET_OBJECT_LOCK_CONFIGURATION,
          GET_BUCKET_CORS,
          GET_BUCKET_LIFECYCLE_CONFIGURATION,
          GET_BUCKET_ENCRYPTION,
          GET_PUBLIC_ACCESS_BLOCK,
          GET_BUCKET_WEBSITE,
          GET_BUCKET_REPLICATION,
          GET_BUCKET_REQUEST_PAYMENT,
          GET_BUCKET_LOGGING,
          GET_BUCKET_NOTIFICATION_CONFIGURATION,
          GET_BUCKET_ACCELERATE_CONFIGURATION ->
          new S3Request.BucketConfiguration(bucket(), operation, ContentChecks.of(headers));
      case GET_BUCKET_ACL -> new S3Request.GetBucketAcl(bucket());
      case LIST_OBJECTS ->
          new S3Request.ListObjects(query.listing(bucket(), "max-keys"), query.text("marker"));
      case LIST_OBJECTS_V2 -> listObjectsV2();
      case LIST_MULTIPART_UPLOADS -> listMultipartUploads();
      case PUT_OBJECT ->
          new S3Request.PutObject(
              address(),
              StoredHeaders.of(headers),
              ContentChecks.of(headers),
              WritePreconditions.ofWrite(headers));
      case COPY_OBJECT -> copyObject();
      case GET_OBJECT -> readObject(true);
      case HEAD_OBJECT -> readObject(false);
      case DELETE_OBJECT ->
          new S3Request.DeleteObject(
              address(), version(), bypass(), WritePreconditions.ofDelete(headers));
      case DELETE_OBJECTS ->
          new S3Request.DeleteObjects(bucket(), bypass(), ContentChecks.of(headers));
      case GET_OBJECT_ATTRIBUTES -> getObjectAttributes();
      case GET_OBJECT_ACL -> new S3Request.GetObjectAcl(address(), version());
      case GET_OBJECT_TAGGING -> new S3Request.GetObjectTagging(address(), version());
      case PUT_OBJECT_TAGGING ->
          new S3Request.PutObjectTagging(address(), version(), ContentChecks.of(headers));
      case DELETE_OBJECT_TAGGING -> new S3Request.DeleteObjectTagging(address(), version());
      case CREATE_MULTIPART_UPLOAD -> uploads.create(address());
      case UPLOAD_PART ->
          new S3Request.UploadPart(upload(), query.requiredPartNumber(), ContentChecks.of(headers));
      case UPLOAD_PART_COPY ->
          new S3Request.UploadPartCopy(
              upload(), query.requiredPartNumber(), CopyOrigin.of(headers), uploads.copyRange());
      case COMPLETE_MULTIPART_UPLOAD -> uploads.complete(upload());
      case ABORT_MULTIPART_UPLOAD -> new S3Request.AbortMultipartUpload(upload());
      case LIST_PARTS ->
          new S3Request.ListParts(
              upload(),
              query.given("part-number-marker").isPresent()
                  ? query.bounded("part-number-marker", Integer.MAX_VALUE)
                  : 0,
              query.bounded("max-parts", Parameters.MAX_PAGE),
              query.urlEncoding());
      case GET_OBJECT_LEGAL_HOLD,
          PUT_OBJECT_LEGAL_HOLD,
          GET_OBJECT_RETENTION,
          PUT_OBJECT_RETENTION,
          PUT_OBJECT_LOCK_CONFIGURATION,
          PUT_BUCKET_OWNERSHIP_CONTROLS,
          DELETE_BUCKET_OWNERSHIP_CONTROLS,
          PUT_BUCKET_ACL,
          PUT_BUCKET_CORS,
          DELETE_BUCKET_CORS,
          GET_BUCKET_POLICY,
          PUT_BUCKET_POLICY,
          DELETE_BUCKET_POLICY,
          GET_BUCKET_POLICY_STATUS,
          PUT_BUCKET_LIFECYCLE_CONFIGURATION,
          DELETE_BUCKET_LIFECYCLE,
          PUT_BUCKET_ENCRYPTION,
          DELETE_BUCKET_ENCRYPTION,
          PUT_BUCKET_WEBSITE,
          DELETE_BUCKET_WEBSITE,
          PUT_BUCKET_REPLICATION,
          DELETE_BUCKET_REPLICATION,
          PUT_BUCKET_LOGGING,
          PUT_BUCKET_NOTIFICATION_CONFIGURATION,
          PUT_BUCKET_REQUEST_PAYMENT,
          PUT_BUCKET_ACCELERATE_CONFIGURATION,
          PUT_PUBLIC_ACCESS_BLOCK,
          DELETE_PUBLIC_ACCESS_BLOCK,
          GET_BUCKET_ANALYTICS_CONFIGURATION,
          LIST_BUCKET_ANALYTICS_CONFIGURATIONS,
          PUT_BUCKET_ANALYTICS_CONFIGURATION,
          DELETE_BUCKET_ANALYTICS_CONFIGURATION,
          GET_BUCKET_INTELLIGENT_TIERING_CONFIGURATION,
          LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS,
          PUT_BUCKET_INTELLIGENT_TIERING_CONFIGURATION,
          DELETE_BUCKET_INTELLIGENT_TIERING_CONFIGURATION,
          GET_BUCKET_INVENTORY_CONFIGURATION,
          LIST_BUCKET_INVENTORY_CONFIGURATIONS,
          PUT_BUCKET_INVENTORY_CONFIGURATION,
          DELETE_BUCKET_INVENTORY_CONFIGURATION,
          GET_BUCKET_METRICS_CONFIGURATION,
          LIST_BUCKET_METRICS_CONFIGURATIONS,
          PUT_BUCKET_METRICS_CONFIGURATION,
          DELETE_BUCKET_METRICS_CONFIGURATION,
          CREATE_BUCKET_METADATA_CONFIGURATION,
          GET_BUCKET_METADATA_CONFIGURATION,
          DELETE_BUCKET_METADATA_CONFIGURATION,
          CREATE_BUCKET_METADATA_TABLE_CONFIGURATION,
          GET_BUCKET_METADATA_TABLE_CONFIGURATION,
          DELETE_BUCKET_METADATA_TABLE_CONFIGURATION,
          UPDATE_BUCKET_METADATA_INVENTORY_TABLE_CONFIGURATION,
          UPDATE_BUCKET_METADATA_JOURNAL_TABLE_CONFIGURATION,
          GET_BUCKET_ABAC,
          PUT_BUCKET_ABAC,
          CREATE_SESSION,
          WRITE_GET_OBJECT_RESPONSE,
          POST_OBJECT,
          PUT_OBJECT_ACL,
          GET_OBJECT_TORRENT,
          RESTORE_OBJECT,
          SELECT_OBJECT_CONTENT,
          RENAME_OBJECT,
          UPDATE_OBJECT_ENCRYPTION ->
          throw new S3Exception(
              S3Error.NOT_IMPLEMENTED, operation.wireName() + " is not implemented.");
    };
  }

  // --- what they name

  private BucketName bucket() {
    return new BucketName(resource.bucket());
  }

  private ObjectAddress address() {
    return new ObjectAddress(bucket(), ObjectKey.of(resource.key()));
  }

  private UploadAddress upload() {
    return new UploadAddress(bucket(), ObjectKey.of(resource.key()), query.uploadId());
  }

  private Optional<VersionId> version() {
    return query.given("versionId").map(Versions::of);
  }

  private boolean bypass() {
    return headers
        .first("x-amz-bypass-governance-retention")
        .filter("true"::equalsIgnoreCase)
        .isPresent();
  }

  // --- service and buckets

  private S3Request listBuckets() {
    OptionalInt max = OptionalInt.empty();
    if (query.given("max-buckets").isPresent()) {
      int given = query.bounded("max-buckets", Integer.MAX_VALUE);
      if (given < 1 || given > 10_000) {
        throw S3Exception.invalidArgument(
            "Argument max-buckets must be an integer between 1 and 10000",
            "max-buckets",
            Integer.toString(given));
      }
      max = OptionalInt.of(given);
    }
    String after = query.given("continuation-token").map(ContinuationToken::keyOf).orElse("");
    return new S3Request.ListBuckets(query.text("prefix"), after, max);
  }

  private S3Request createBucket() {
    UnsupportedSettings.refuseForBucket(headers);
    return new S3Request.CreateBucket(bucket(), ContentChecks.of(headers));
  }

  // --- listings

  private S3Request listObjectsV2() {
    Optional<String> token = query.given("continuation-token");
    String startAfter = query.text("start-after");
    return new S3Request.ListObjectsV2(
        query.listing(bucket(), "max-keys"),
        token,
        startAfter,
        token.map(ContinuationToken::keyOf).orElse(startAfter),
        query.text("fetch-owner").equalsIgnoreCase("true"));
  }

  private S3Request listObjectVersions() {
    String keyMarker = query.text("key-marker");
    Optional<String> versionMarker = query.given("version-id-marker");
    if (versionMarker.isPresent() && keyMarker.isEmpty()) {
      throw S3Exception.invalidArgument(
          "A version-id marker cannot be specified without a key marker.",
          "version-id-marker",
          versionMarker.get());
    }
    return new S3Request.ListObjectVersions(
        query.listing(bucket(), "max-keys"), keyMarker, versionMarker.map(Versions::of));
  }

  private S3Request listMultipartUploads() {
    Listing listing = query.listing(bucket(), "max-uploads");
    String keyMarker = query.text("key-marker");
    Optional<UploadId> idMarker =
        keyMarker.isEmpty() ? Optional.empty() : query.given("upload-id-marker").map(UploadId::new);
    return new S3Request.ListMultipartUploads(listing, keyMarker, idMarker);
  }

  // --- objects

  private S3Request readObject(boolean withBody) {
    OptionalInt partNumber = query.partNumber();
    Optional<RangeHeader> range = headers.first("range").flatMap(RangeHeader::parse);
    if (partNumber.isPresent() && headers.contains("range")) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "Cannot specify both Range header and partNumber query parameter");
    }
    Headers overrides = Headers.NONE;
    for (String name : OVERRIDES) {
      Optional<String> override = query.given("response-" + name);
      if (override.isPresent()) {
        overrides = overrides.with(name, override.get());
      }
    }
    return new S3Request.ReadObject(
        address(),
        version(),
        withBody,
        ReadPreconditions.of(headers, ""),
        range,
        headers.first("if-range"),
        partNumber,
        overrides,
        headers.first("x-amz-checksum-mode").filter("ENABLED"::equalsIgnoreCase).isPresent());
  }

  private S3Request getObjectAttributes() {
    String names = String.join(",", headers.all("x-amz-object-attributes"));
    return new S3Request.GetObjectAttributes(
        address(), version(), ReadPreconditions.of(headers, ""), ObjectAttribute.ofHeader(names));
  }

  private S3Request copyObject() {
    ObjectAddress address = address();
    CopyOrigin origin = CopyOrigin.of(headers);
    boolean replace = isReplace("x-amz-metadata-directive");
    boolean replaceTags = isReplace("x-amz-tagging-directive");
    Optional<ChecksumAlgorithm> algorithm = UploadHeaders.algorithm(headers);
    boolean changes =
        replace || replaceTags || algorithm.isPresent() || headers.contains("x-amz-storage-class");
    if (origin.address().equals(address) && origin.version().isEmpty() && !changes) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "This copy request is illegal because it is trying to copy an object to itself without "
              + "changing the object's metadata, storage class, website redirect location or "
              + "encryption attributes.");
    }
    ObjectProperties properties = StoredHeaders.of(headers);
    return new S3Request.CopyObject(
        address,
        origin,
        replace ? Optional.of(properties) : Optional.empty(),
        replaceTags ? Optional.of(properties) : Optional.empty(),
        algorithm,
        WritePreconditions.ofWrite(headers));
  }

  private boolean isReplace(String header) {
    String directive = headers.first(header).orElse("COPY");
    return switch (directive) {
      case "COPY" -> false;
      case "REPLACE" -> true;
      default ->
          throw S3Exception.invalidArgument(
              "Unknown " + header.substring("x-amz-".length()).replace('-', ' ') + ".",
              header,
              directive);
    };
  }
}
