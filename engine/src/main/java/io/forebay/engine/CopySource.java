package io.forebay.engine;

/**
 * Where a copy comes from.
 *
 * @param bucket source bucket
 * @param key source key
 * @param condition checked on the pinned source
 */
public record CopySource(BucketName bucket, ObjectKey key, ReadCondition condition) {}
