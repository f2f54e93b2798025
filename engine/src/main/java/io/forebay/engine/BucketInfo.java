package io.forebay.engine;

/**
 * A bucket: a top-level directory with a legal name.
 *
 * @param name its name
 * @param attributes of the directory; its birth is the bucket's creation
 */
public record BucketInfo(BucketName name, FileAttributes attributes) {}
