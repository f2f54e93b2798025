package io.forebay.s3.op;

import java.util.Optional;

/**
 * Every operation of the S3 API, by the name of its reference page, with what a request for it
 * looks like: a method, whether a bucket and a key are named, and a subresource in the query. What
 * two operations share beyond that, {@link RequestRouter} tells apart. An operation without a
 * handler is refused by its name.
 */
public enum S3Operation {
  // --- the service
  LIST_BUCKETS("ListBuckets", "GET", Scope.SERVICE),

  // --- buckets
  CREATE_BUCKET("CreateBucket", "PUT", Scope.BUCKET),
  DELETE_BUCKET("DeleteBucket", "DELETE", Scope.BUCKET),
  HEAD_BUCKET("HeadBucket", "HEAD", Scope.BUCKET),
  GET_BUCKET_LOCATION("GetBucketLocation", "GET", Scope.BUCKET, "location"),
  GET_BUCKET_VERSIONING("GetBucketVersioning", "GET", Scope.BUCKET, "versioning"),
  PUT_BUCKET_VERSIONING("PutBucketVersioning", "PUT", Scope.BUCKET, "versioning"),
  GET_BUCKET_ACL("GetBucketAcl", "GET", Scope.BUCKET, "acl"),
  PUT_BUCKET_ACL("PutBucketAcl", "PUT", Scope.BUCKET, "acl"),
  GET_BUCKET_CORS("GetBucketCors", "GET", Scope.BUCKET, "cors"),
  PUT_BUCKET_CORS("PutBucketCors", "PUT", Scope.BUCKET, "cors"),
  DELETE_BUCKET_CORS("DeleteBucketCors", "DELETE", Scope.BUCKET, "cors"),
  GET_BUCKET_POLICY("GetBucketPolicy", "GET", Scope.BUCKET, "policy"),
  PUT_BUCKET_POLICY("PutBucketPolicy", "PUT", Scope.BUCKET, "policy"),
  DELETE_BUCKET_POLICY("DeleteBucketPolicy", "DELETE", Scope.BUCKET, "policy"),
  GET_BUCKET_POLICY_STATUS("GetBucketPolicyStatus", "GET", Scope.BUCKET, "policyStatus"),
  GET_BUCKET_LIFECYCLE_CONFIGURATION(
      "GetBucketLifecycleConfiguration", "GET", Scope.BUCKET, "lifecycle"),
  PUT_BUCKET_LIFECYCLE_CONFIGURATION(
      "PutBucketLifecycleConfiguration", "PUT", Scope.BUCKET, "lifecycle"),
  DELETE_BUCKET_LIFECYCLE("DeleteBucketLifecycle", "DELETE", Scope.BUCKET, "lifecycle"),
  GET_BUCKET_TAGGING("GetBucketTagging", "GET", Scope.BUCKET, "tagging"),
  PUT_BUCKET_TAGGING("PutBucketTagging", "PUT", Scope.BUCKET, "tagging"),
  DELETE_BUCKET_TAGGING("DeleteBucketTagging", "DELETE", Scope.BUCKET, "tagging"),
  GET_BUCKET_ENCRYPTION("GetBucketEncryption", "GET", Scope.BUCKET, "encryption"),
  PUT_BUCKET_ENCRYPTION("PutBucketEncryption", "PUT", Scope.BUCKET, "encryption"),
  DELETE_BUCKET_ENCRYPTION("DeleteBucketEncryption", "DELETE", Scope.BUCKET, "encryption"),
  GET_BUCKET_WEBSITE("GetBucketWebsite", "GET", Scope.BUCKET, "website"),
  PUT_BUCKET_WEBSITE("PutBucketWebsite", "PUT", Scope.BUCKET, "website"),
  DELETE_BUCKET_WEBSITE("DeleteBucketWebsite", "DELETE", Scope.BUCKET, "website"),
  GET_BUCKET_REPLICATION("GetBucketReplication", "GET", Scope.BUCKET, "replication"),
  PUT_BUCKET_REPLICATION("PutBucketReplication", "PUT", Scope.BUCKET, "replication"),
  DELETE_BUCKET_REPLICATION("DeleteBucketReplication", "DELETE", Scope.BUCKET, "replication"),
  GET_BUCKET_LOGGING("GetBucketLogging", "GET", Scope.BUCKET, "logging"),
  PUT_BUCKET_LOGGING("PutBucketLogging", "PUT", Scope.BUCKET, "logging"),
  GET_BUCKET_NOTIFICATION_CONFIGURATION(
      "GetBucketNotificationConfiguration", "GET", Scope.BUCKET, "notification"),
  PUT_BUCKET_NOTIFICATION_CONFIGURATION(
      "PutBucketNotificationConfiguration", "PUT", Scope.BUCKET, "notification"),
  GET_BUCKET_REQUEST_PAYMENT("GetBucketRequestPayment", "GET", Scope.BUCKET, "requestPayment"),
  PUT_BUCKET_REQUEST_PAYMENT("PutBucketRequestPayment", "PUT", Scope.BUCKET, "requestPayment"),
  GET_BUCKET_ACCELERATE_CONFIGURATION(
      "GetBucketAccelerateConfiguration", "GET", Scope.BUCKET, "accelerate"),
  PUT_BUCKET_ACCELERATE_CONFIGURATION(
      "PutBucketAccelerateConfiguration", "PUT", Scope.BUCKET, "accelerate"),
  GET_BUCKET_OWNERSHIP_CONTROLS(
      "GetBucketOwnershipControls", "GET", Scope.BUCKET, "ownershipControls"),
  PUT_BUCKET_OWNERSHIP_CONTROLS(
      "PutBucketOwnershipControls", "PUT", Scope.BUCKET, "ownershipControls"),
  DELETE_BUCKET_OWNERSHIP_CONTROLS(
      "DeleteBucketOwnershipControls", "DELETE", Scope.BUCKET, "ownershipControls"),
  GET_PUBLIC_ACCESS_BLOCK("GetPublicAccessBlock", "GET", Scope.BUCKET, "publicAccessBlock"),
  PUT_PUBLIC_ACCESS_BLOCK("PutPublicAccessBlock", "PUT", Scope.BUCKET, "publicAccessBlock"),
  DELETE_PUBLIC_ACCESS_BLOCK(
      "DeletePublicAccessBlock", "DELETE", Scope.BUCKET, "publicAccessBlock"),
  GET_OBJECT_LOCK_CONFIGURATION("GetObjectLockConfiguration", "GET", Scope.BUCKET, "object-lock"),
  PUT_OBJECT_LOCK_CONFIGURATION("PutObjectLockConfiguration", "PUT", Scope.BUCKET, "object-lock"),
  GET_BUCKET_ANALYTICS_CONFIGURATION(
      "GetBucketAnalyticsConfiguration", "GET", Scope.BUCKET, "analytics"),
  LIST_BUCKET_ANALYTICS_CONFIGURATIONS(
      "ListBucketAnalyticsConfigurations", "GET", Scope.BUCKET, "analytics"),
  PUT_BUCKET_ANALYTICS_CONFIGURATION(
      "PutBucketAnalyticsConfiguration", "PUT", Scope.BUCKET, "analytics"),
  DELETE_BUCKET_ANALYTICS_CONFIGURATION(
      "DeleteBucketAnalyticsConfiguration", "DELETE", Scope.BUCKET, "analytics"),
  GET_BUCKET_INTELLIGENT_TIERING_CONFIGURATION(
      "GetBucketIntelligentTieringConfiguration", "GET", Scope.BUCKET, "intelligent-tiering"),
  LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS(
      "ListBucketIntelligentTieringConfigurations", "GET", Scope.BUCKET, "intelligent-tiering"),
  PUT_BUCKET_INTELLIGENT_TIERING_CONFIGURATION(
      "PutBucketIntelligentTieringConfiguration", "PUT", Scope.BUCKET, "intelligent-tiering"),
  DELETE_BUCKET_INTELLIGENT_TIERING_CONFIGURATION(
      "DeleteBucketIntelligentTieringConfiguration", "DELETE", Scope.BUCKET, "intelligent-tiering"),
  GET_BUCKET_INVENTORY_CONFIGURATION(
      "GetBucketInventoryConfiguration", "GET", Scope.BUCKET, "inventory"),
  LIST_BUCKET_INVENTORY_CONFIGURATIONS(
      "ListBucketInventoryConfigurations", "GET", Scope.BUCKET, "inventory"),
  PUT_BUCKET_INVENTORY_CONFIGURATION(
      "PutBucketInventoryConfiguration", "PUT", Scope.BUCKET, "inventory"),
  DELETE_BUCKET_INVENTORY_CONFIGURATION(
      "DeleteBucketInventoryConfiguration", "DELETE", Scope.BUCKET, "inventory"),
  GET_BUCKET_METRICS_CONFIGURATION("GetBucketMetricsConfiguration", "GET", Scope.BUCKET, "metrics"),
  LIST_BUCKET_METRICS_CONFIGURATIONS(
      "ListBucketMetricsConfigurations", "GET", Scope.BUCKET, "metrics"),
  PUT_BUCKET_METRICS_CONFIGURATION("PutBucketMetricsConfiguration", "PUT", Scope.BUCKET, "metrics"),
  DELETE_BUCKET_METRICS_CONFIGURATION(
      "DeleteBucketMetricsConfiguration", "DELETE", Scope.BUCKET, "metrics"),
  CREATE_BUCKET_METADATA_CONFIGURATION(
      "CreateBucketMetadataConfiguration", "POST", Scope.BUCKET, "metadataConfiguration"),
  GET_BUCKET_METADATA_CONFIGURATION(
      "GetBucketMetadataConfiguration", "GET", Scope.BUCKET, "metadataConfiguration"),
  DELETE_BUCKET_METADATA_CONFIGURATION(
      "DeleteBucketMetadataConfiguration", "DELETE", Scope.BUCKET, "metadataConfiguration"),
  CREATE_BUCKET_METADATA_TABLE_CONFIGURATION(
      "CreateBucketMetadataTableConfiguration", "POST", Scope.BUCKET, "metadataTable"),
  GET_BUCKET_METADATA_TABLE_CONFIGURATION(
      "GetBucketMetadataTableConfiguration", "GET", Scope.BUCKET, "metadataTable"),
  DELETE_BUCKET_METADATA_TABLE_CONFIGURATION(
      "DeleteBucketMetadataTableConfiguration", "DELETE", Scope.BUCKET, "metadataTable"),
  UPDATE_BUCKET_METADATA_INVENTORY_TABLE_CONFIGURATION(
      "UpdateBucketMetadataInventoryTableConfiguration",
      "PUT",
      Scope.BUCKET,
      "metadataInventoryTable"),
  UPDATE_BUCKET_METADATA_JOURNAL_TABLE_CONFIGURATION(
      "UpdateBucketMetadataJournalTableConfiguration", "PUT", Scope.BUCKET, "metadataJournalTable"),
  GET_BUCKET_ABAC("GetBucketAbac", "GET", Scope.BUCKET, "abac"),
  PUT_BUCKET_ABAC("PutBucketAbac", "PUT", Scope.BUCKET, "abac"),
  CREATE_SESSION("CreateSession", "GET", Scope.BUCKET, "session"),
  WRITE_GET_OBJECT_RESPONSE("WriteGetObjectResponse", "POST", Scope.BUCKET),

  // --- listings
  LIST_OBJECTS("ListObjects", "GET", Scope.BUCKET),
  LIST_OBJECTS_V2("ListObjectsV2", "GET", Scope.BUCKET, "list-type"),
  LIST_OBJECT_VERSIONS("ListObjectVersions", "GET", Scope.BUCKET, "versions"),
  LIST_MULTIPART_UPLOADS("ListMultipartUploads", "GET", Scope.BUCKET, "uploads"),

  // --- objects
  DELETE_OBJECTS("DeleteObjects", "POST", Scope.BUCKET, "delete"),
  POST_OBJECT("PostObject", "POST", Scope.BUCKET),
  PUT_OBJECT("PutObject", "PUT", Scope.OBJECT),
  COPY_OBJECT("CopyObject", "PUT", Scope.OBJECT),
  GET_OBJECT("GetObject", "GET", Scope.OBJECT),
  HEAD_OBJECT("HeadObject", "HEAD", Scope.OBJECT),
  DELETE_OBJECT("DeleteObject", "DELETE", Scope.OBJECT),
  GET_OBJECT_ATTRIBUTES("GetObjectAttributes", "GET", Scope.OBJECT, "attributes"),
  GET_OBJECT_ACL("GetObjectAcl", "GET", Scope.OBJECT, "acl"),
  PUT_OBJECT_ACL("PutObjectAcl", "PUT", Scope.OBJECT, "acl"),
  GET_OBJECT_TAGGING("GetObjectTagging", "GET", Scope.OBJECT, "tagging"),
  PUT_OBJECT_TAGGING("PutObjectTagging", "PUT", Scope.OBJECT, "tagging"),
  DELETE_OBJECT_TAGGING("DeleteObjectTagging", "DELETE", Scope.OBJECT, "tagging"),
  GET_OBJECT_LEGAL_HOLD("GetObjectLegalHold", "GET", Scope.OBJECT, "legal-hold"),
  PUT_OBJECT_LEGAL_HOLD("PutObjectLegalHold", "PUT", Scope.OBJECT, "legal-hold"),
  GET_OBJECT_RETENTION("GetObjectRetention", "GET", Scope.OBJECT, "retention"),
  PUT_OBJECT_RETENTION("PutObjectRetention", "PUT", Scope.OBJECT, "retention"),
  GET_OBJECT_TORRENT("GetObjectTorrent", "GET", Scope.OBJECT, "torrent"),
  RESTORE_OBJECT("RestoreObject", "POST", Scope.OBJECT, "restore"),
  SELECT_OBJECT_CONTENT("SelectObjectContent", "POST", Scope.OBJECT, "select"),
  RENAME_OBJECT("RenameObject", "PUT", Scope.OBJECT, "renameObject"),
  UPDATE_OBJECT_ENCRYPTION("UpdateObjectEncryption", "PUT", Scope.OBJECT, "encryption"),

  // --- uploads in parts
  CREATE_MULTIPART_UPLOAD("CreateMultipartUpload", "POST", Scope.OBJECT, "uploads"),
  UPLOAD_PART("UploadPart", "PUT", Scope.OBJECT, "uploadId"),
  UPLOAD_PART_COPY("UploadPartCopy", "PUT", Scope.OBJECT, "uploadId"),
  COMPLETE_MULTIPART_UPLOAD("CompleteMultipartUpload", "POST", Scope.OBJECT, "uploadId"),
  ABORT_MULTIPART_UPLOAD("AbortMultipartUpload", "DELETE", Scope.OBJECT, "uploadId"),
  LIST_PARTS("ListParts", "GET", Scope.OBJECT, "uploadId");

  /** What a request names. */
  public enum Scope {
    SERVICE,
    BUCKET,
    OBJECT
  }

  private final String wireName;
  private final String method;
  private final Scope scope;
  private final String subresource;

  S3Operation(String wireName, String method, Scope scope) {
    this(wireName, method, scope, "");
  }

  S3Operation(String wireName, String method, Scope scope, String subresource) {
    this.wireName = wireName;
    this.method = method;
    this.scope = scope;
    this.subresource = subresource;
  }

  /** As S3 calls it; also the name for logs and meters. */
  public String wireName() {
    return wireName;
  }

  public String method() {
    return method;
  }

  public Scope scope() {
    return scope;
  }

  /** The query parameter that means it. */
  public Optional<String> subresource() {
    return subresource.isEmpty() ? Optional.empty() : Optional.of(subresource);
  }
}
