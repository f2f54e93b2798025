package io.forebay.s3.op;

import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Headers.Field;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Settings in header fields that this server does not enforce. They are refused, never stored and
 * ignored: a client that asks for encryption, retention or an access rule has to know.
 */
final class UnsupportedSettings {
  private static final String PREFIX = "x-amz-";
  private static final List<String> REFUSED_PREFIXES =
      List.of(
          "x-amz-server-side-encryption",
          "x-amz-copy-source-server-side-encryption",
          "x-amz-object-lock-",
          "x-amz-rename-source");
  private static final Set<String> REFUSED =
      Set.of(
          "x-amz-website-redirect-location",
          "x-amz-write-offset-bytes",
          "x-amz-if-match-initiated-time");
  private static final Set<String> ACLS = Set.of("private", "bucket-owner-full-control");

  private UnsupportedSettings() {}

  /** Refuses what must not be ignored on any operation. */
  static void refuse(Headers headers) {
    for (Field field : headers.fields()) {
      if (!field.name().regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
        continue;
      }
      String name = field.name().toLowerCase(Locale.ROOT);
      if (REFUSED.contains(name) || REFUSED_PREFIXES.stream().anyMatch(name::startsWith)) {
        throw new S3Exception(
                S3Error.NOT_IMPLEMENTED,
                "The header " + name + " asks for something that is not offered here.")
            .with("Header", name);
      }
      if (name.equals("x-amz-acl") && !ACLS.contains(field.value())) {
        throw new S3Exception(
            S3Error.ACL_NOT_SUPPORTED,
            "The bucket does not allow ACLs: x-amz-acl can only be private or "
                + "bucket-owner-full-control");
      }
      if (name.startsWith("x-amz-grant-")) {
        throw new S3Exception(S3Error.ACL_NOT_SUPPORTED);
      }
      if (name.equals("x-amz-storage-class") && !field.value().equals("STANDARD")) {
        throw new S3Exception(S3Error.INVALID_STORAGE_CLASS)
            .with("StorageClassRequested", field.value());
      }
    }
  }

  /** Refuses what a bucket cannot be created with. */
  static void refuseForBucket(Headers headers) {
    if (headers
        .first("x-amz-bucket-object-lock-enabled")
        .filter("true"::equalsIgnoreCase)
        .isPresent()) {
      throw new S3Exception(S3Error.NOT_IMPLEMENTED, "Object lock is not offered here.")
          .with("Header", "x-amz-bucket-object-lock-enabled");
    }
    headers
        .first("x-amz-object-ownership")
        .filter(ownership -> !ownership.equals("BucketOwnerEnforced"))
        .ifPresent(ownership -> {
          throw new S3Exception(
                  S3Error.NOT_IMPLEMENTED,
                  "Objects belong to their bucket's owner: " + ownership + " is not offered.")
              .with("Header", "x-amz-object-ownership");
        });
    headers
        .first("x-amz-bucket-namespace")
        .filter(namespace -> !namespace.equals("global"))
        .ifPresent(namespace -> {
          throw new S3Exception(S3Error.NOT_IMPLEMENTED, "There is one namespace of buckets.")
              .with("Header", "x-amz-bucket-namespace");
        });
  }
}
