package io.forebay.engine;

/**
 * An object as S3 sees it.
 *
 * @param key its key
 * @param etag without quotes: 32 hex digits (MD5), 32 hex digits and {@code -N} (multipart), or 32
 *     hex digits and {@code -0} for content that NFS wrote; changes whenever the content does
 * @param size in bytes
 * @param lastModifiedNanos mtime, since 1970-01-01T00:00:00Z
 * @param properties headers, metadata, checksums (only while they match the content), tags
 * @param inode the file behind it
 * @param owner its owner, unsigned 32-bit
 * @param version which version it is; the null version where nothing is versioned
 * @param lock what keeps this version
 */
public record ObjectInfo(
    ObjectKey key,
    String etag,
    long size,
    long lastModifiedNanos,
    ObjectProperties properties,
    InodeId inode,
    int owner,
    VersionId version,
    ObjectLock lock) {
  /** Of a null version without a lock. */
  public ObjectInfo(
      ObjectKey key,
      String etag,
      long size,
      long lastModifiedNanos,
      ObjectProperties properties,
      InodeId inode,
      int owner) {
    this(
        key,
        etag,
        size,
        lastModifiedNanos,
        properties,
        inode,
        owner,
        VersionId.NULL,
        ObjectLock.NONE);
  }
}
