package io.forebay.s3.op;

import io.forebay.engine.BucketName;
import io.forebay.engine.ObjectKey;

/** An object's place. */
public record ObjectAddress(BucketName bucket, ObjectKey key) {}
