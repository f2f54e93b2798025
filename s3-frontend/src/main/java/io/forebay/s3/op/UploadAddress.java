package io.forebay.s3.op;

import io.forebay.engine.BucketName;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.UploadId;

/** An upload's place. */
public record UploadAddress(BucketName bucket, ObjectKey key, UploadId id) {}
