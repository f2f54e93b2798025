package io.forebay.engine;

/**
 * Why an operation failed, in words of neither protocol. Each frontend maps every constant in one
 * exhaustive switch. A new constant only where a caller would act differently.
 */
public enum ErrorCode {
  // --- names and inodes
  /** No entry, inode, object, record of that name. POSIX ENOENT. */
  NOT_FOUND,
  /** The inode existed and is gone: a handle outlived its file. ESTALE. */
  STALE,
  /** EEXIST. */
  EXISTS,
  /** ENOTDIR. */
  NOT_DIRECTORY,
  /** EISDIR. */
  IS_DIRECTORY,
  /** ENOTEMPTY. */
  NOT_EMPTY,
  /** Not of the type the operation is for (reading a FIFO, readlink of a file). */
  WRONG_TYPE,
  /** ELOOP-like: the operation met a symbolic link where it takes none. */
  IS_SYMLINK,
  /** Empty, ".", "..", or with a slash or NUL. */
  INVALID_NAME,
  /** ENAMETOOLONG. */
  NAME_TOO_LONG,
  /** EMLINK. */
  TOO_MANY_LINKS,
  /** EINVAL: an argument out of its range, a directory moved below itself. */
  INVALID_ARGUMENT,
  /** EFBIG: beyond {@link FileSystem#MAX_FILE_SIZE}. */
  FILE_TOO_LARGE,
  // --- permission
  /** The mode bits forbid it. EACCES. */
  ACCESS_DENIED,
  /** Only the owner or the superuser may. EPERM. */
  NOT_PERMITTED,
  /** The volume or export takes no writes. EROFS. */
  READ_ONLY,
  // --- space
  /** ENOSPC. */
  NO_SPACE,
  /** EDQUOT. */
  QUOTA_EXCEEDED,
  // --- object view
  NO_SUCH_BUCKET,
  BUCKET_EXISTS,
  BUCKET_NOT_EMPTY,
  INVALID_BUCKET_NAME,
  /** A key a path cannot carry (design section 7). */
  INVALID_KEY,
  /** Above 1,024 bytes, or a segment above 255. */
  KEY_TOO_LONG,
  /** PUT of {@code a} where {@code a/} is a directory. */
  OBJECT_IS_DIRECTORY,
  /** PUT of {@code a/b} where {@code a} is a file. */
  OBJECT_PARENT_IS_FILE,
  /** PUT of {@code d/} with a body. */
  DIRECTORY_OBJECT_HAS_DATA,
  /** A condition (If-Match, If-None-Match) does not hold. */
  CONDITION_FAILED,
  /** The key has no version of that id. */
  NO_SUCH_VERSION,
  /** The version is a delete marker. */
  DELETE_MARKER,
  /** A lock keeps the version, or the bucket's lock forbids the setting. */
  LOCKED,
  NO_SUCH_UPLOAD,
  INVALID_PART,
  INVALID_PART_ORDER,
  PART_TOO_SMALL,
  /** A range that the object does not have. */
  INVALID_RANGE,
  // --- the world
  /** Bytes are lost or fail their checksum; the message names file and range. EIO, final. */
  CORRUPT,
  /** A local disk failed the operation. EIO; may be retried. */
  IO,
  /** Back-pressure: staging is full, a queue is at its bound. Retry later. */
  THROTTLED,
  /** The backing bucket cannot be reached for now. Retry later. */
  UNAVAILABLE,
  /** Another gateway owns the volume now; this one has stopped writing. */
  FENCED,
  /** The gateway is stopping. Retry elsewhere or later. */
  SHUTTING_DOWN,
  /** Not offered by this volume or build; never stored and ignored. */
  NOT_SUPPORTED,
  /** A defect of ours; logged once where it was caught. */
  INTERNAL;

  /** Whether the same call may succeed later without anybody changing anything. */
  public boolean isTransient() {
    return this == IO || this == THROTTLED || this == UNAVAILABLE || this == SHUTTING_DOWN;
  }
}
