package io.forebay.engine;

import java.util.Optional;

/**
 * Where a copy comes from.
 *
 * @param bucket source bucket
 * @param key source key
 * @param version empty: the current one
 * @param condition checked on the pinned source
 */
public record CopySource(
    BucketName bucket, ObjectKey key, Optional<VersionId> version, ReadCondition condition) {
  /** The current version. */
  public CopySource(BucketName bucket, ObjectKey key, ReadCondition condition) {
    this(bucket, key, Optional.empty(), condition);
  }
}
