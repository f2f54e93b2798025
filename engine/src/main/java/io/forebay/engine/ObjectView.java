package io.forebay.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The same tree as buckets and keys. Top-level directories with legal names are the buckets; {@code
 * a/b} in bucket {@code c} is the file {@code /c/a/b}.
 *
 * <p><b>Publishing</b> (put, copy, complete) is one transaction: readers see the old or the new
 * object, never a mixture; who has the old file open keeps its bytes. The new object is a new inode
 * that takes owner, group and mode of the file it replaces, else the caller's ids and the
 * configured mode; a hard-linked name is broken off. Conditions are decided inside that
 * transaction. <b>Durability</b> is the view's, on return. <b>Directories</b> made by a put are
 * implicit: they vanish with the last object below them when that is deleted here; those made by
 * {@link FileSystem}, or by a put of {@code dir/}, stay, and an NFS-side change in an implicit one
 * makes it stay. <b>Permission</b>: the mode bits on every directory of the path and on the file: a
 * put that replaces a file needs write on the directory and on the file, whose set-user-id and
 * set-group-id bits the new content does not get. Whoever began an upload may go on with it;
 * whether it may be published is decided when it is completed.
 *
 * <p><b>Objects</b> are regular files, and directories put explicitly as {@code dir/}. Symbolic
 * links, special files and names that are not UTF-8 are not visible: a key that names one is not
 * found, a put replaces it, and {@link WriteCondition.IfAbsent} counts it as there. A directory
 * made by {@link FileSystem} that is put as {@code dir/} stays when {@code dir/} is deleted.
 *
 * <p><b>Errors</b>: {@link ErrorCode#NO_SUCH_BUCKET} everywhere a bucket is named; {@link
 * ErrorCode#NOT_FOUND} for a missing object; {@link ErrorCode#OBJECT_IS_DIRECTORY}, {@link
 * ErrorCode#OBJECT_PARENT_IS_FILE}, {@link ErrorCode#DIRECTORY_OBJECT_HAS_DATA} and {@link
 * ErrorCode#CONDITION_FAILED} when publishing; {@link ErrorCode#NO_SUCH_UPLOAD} for uploads; and
 * those of {@link FileSystem}.
 */
public interface ObjectView {
  /** The highest part number. */
  int MAX_PARTS = 10_000;

  /** The smallest part but the last, in bytes: 5 MiB. */
  long MIN_PART_SIZE = 5L << 20;

  /** The largest object or part copy, as S3 documents: 5 TiB; a single put or part: 5 GiB. */
  long MAX_OBJECT_SIZE = 5L << 40;

  long MAX_PUT_SIZE = 5L << 30;

  // --- buckets

  /** In name order; those the caller can search. */
  List<BucketInfo> buckets(Caller caller);

  BucketInfo bucket(Caller caller, BucketName bucket);

  /** {@link ErrorCode#BUCKET_EXISTS}, whoever owns it. */
  BucketInfo createBucket(Caller caller, BucketName bucket);

  /**
   * {@link ErrorCode#BUCKET_NOT_EMPTY} while an object, an explicit directory or an NFS-made entry
   * remains; implicit directories without objects go with it, open uploads are aborted.
   */
  void deleteBucket(Caller caller, BucketName bucket);

  // --- objects

  /** What HEAD shows. A key with a trailing slash names a directory put explicitly. */
  ObjectInfo head(Caller caller, BucketName bucket, ObjectKey key);

  /** Pins an object for reading; the caller closes it. */
  OpenObject open(Caller caller, BucketName bucket, ObjectKey key);

  /**
   * Begins to stage bytes for {@link #put} or {@link #putPart}; the caller closes it.
   *
   * @param expectedLength what is known of the length, or -1; a hint for placement only
   */
  ContentWriter newContent(Caller caller, long expectedLength);

  /**
   * Refuses early what {@link #put} would refuse for the key's path or the caller's rights, before
   * any byte is read; a success promises nothing.
   */
  void checkPut(Caller caller, BucketName bucket, ObjectKey key);

  /**
   * Publishes.
   *
   * @param content from {@link #newContent}; for a key with a trailing slash, empty
   * @param md5 of the content, 32 hex digits: its ETag
   */
  ObjectInfo put(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      ContentWriter content,
      String md5,
      ObjectProperties properties,
      WriteCondition condition);

  /**
   * Publishes a copy that shares the source's extents. ETag and checksums come along; onto itself
   * it changes the properties only.
   *
   * @param replacement properties instead of the source's
   */
  ObjectInfo copy(
      Caller caller,
      CopySource source,
      BucketName bucket,
      ObjectKey key,
      Optional<ObjectProperties> replacement,
      WriteCondition condition);

  /**
   * Deletes.
   *
   * @return whether there was an object; below a file or of a directory without slash: no
   */
  boolean delete(Caller caller, BucketName bucket, ObjectKey key, WriteCondition condition);

  /**
   * A page of keys; costs O(page), whatever the size of the bucket. With {@code "/"} as delimiter
   * every directory shows as a rolled-up prefix, an empty one that was made by {@link FileSystem}
   * included, so that both sides show the same directories; with any other delimiter, or none, only
   * objects do. What lies below a directory that the caller cannot read and search is left out;
   * {@link ErrorCode#ACCESS_DENIED} when that is the prefix's own directory.
   */
  ObjectListing list(Caller caller, BucketName bucket, ListRequest request);

  /** Replaces the tags of a version; empty: the current one. */
  ObjectInfo setTags(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      Optional<VersionId> version,
      Map<String, String> tags);

  /** Of the current version. */
  default ObjectInfo setTags(
      Caller caller, BucketName bucket, ObjectKey key, Map<String, String> tags) {
    return setTags(caller, bucket, key, Optional.empty(), tags);
  }

  // --- versions

  /** {@link ErrorCode#NO_SUCH_VERSION}, {@link ErrorCode#DELETE_MARKER}. */
  ObjectInfo head(Caller caller, BucketName bucket, ObjectKey key, VersionId version);

  /** As {@link #open}, of a version. */
  OpenObject open(Caller caller, BucketName bucket, ObjectKey key, VersionId version);

  /**
   * Deletes. In a bucket with versions a delete marker becomes current, whether there was an object
   * or not; what was current stays as a version, but for the null version where versioning is
   * suspended.
   */
  Deleted remove(Caller caller, BucketName bucket, ObjectKey key, WriteCondition condition);

  /**
   * Destroys a version or a delete marker; the version before it is current then. {@link
   * ErrorCode#LOCKED}.
   *
   * @param bypass whether a GOVERNANCE retention does not count
   */
  Deleted removeVersion(
      Caller caller, BucketName bucket, ObjectKey key, VersionId version, boolean bypass);

  /**
   * A page of versions and markers, each key's latest first; costs O(page). Only for the bucket's
   * owner: {@link ErrorCode#ACCESS_DENIED}.
   *
   * @param afterKey keys, and rolled-up prefixes, greater than this; "" for all
   * @param afterVersion with {@code afterKey}: also that key's versions after this one
   * @param limit 0 to 1,000
   */
  VersionListing versions(
      Caller caller,
      BucketName bucket,
      String prefix,
      String delimiter,
      String afterKey,
      Optional<VersionId> afterVersion,
      int limit);

  /** Sets retention or legal hold of a version; empty: the current one. */
  ObjectInfo setLock(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      Optional<VersionId> version,
      LockChange change);

  // --- settings of buckets: changed by the bucket's owner only, else NOT_PERMITTED

  /** All that is set. The values are not to be changed. */
  Map<BucketSetting, byte[]> settings(Caller caller, BucketName bucket);

  /**
   * Sets, or removes. Not VERSIONING, nor OBJECT_LOCK.
   *
   * @param value at most {@link BucketSetting#MAX_BYTES}; empty: removes
   */
  void putSetting(Caller caller, BucketName bucket, BucketSetting setting, Optional<byte[]> value);

  Versioning versioning(Caller caller, BucketName bucket);

  /** {@link ErrorCode#LOCKED} to suspend it in a bucket with object lock. */
  void setVersioning(Caller caller, BucketName bucket, Versioning versioning);

  /** Empty: the bucket has no object lock. */
  Optional<BucketLock> objectLock(Caller caller, BucketName bucket);

  /** {@link ErrorCode#LOCKED} in a bucket whose versioning is not enabled. */
  void setObjectLock(Caller caller, BucketName bucket, BucketLock lock);

  // --- multipart uploads

  UploadInfo createUpload(
      Caller caller, BucketName bucket, ObjectKey key, ObjectProperties properties);

  UploadInfo upload(Caller caller, BucketName bucket, ObjectKey key, UploadId upload);

  /** Adds or replaces a part. */
  PartInfo putPart(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      UploadId upload,
      int number,
      ContentWriter content,
      String md5,
      SortedMap<String, String> checksums);

  /**
   * Adds or replaces a part that shares extents of an object. Its ETag is opaque (32 hex digits).
   *
   * @param range of the source; empty: all of it. {@link ErrorCode#INVALID_RANGE} beyond its end
   */
  PartInfo copyPart(
      Caller caller,
      CopySource source,
      Optional<ByteRange> range,
      BucketName bucket,
      ObjectKey key,
      UploadId upload,
      int number);

  /**
   * Publishes the concatenation of the named parts, without copying, in one transaction; parts not
   * named are dropped. A repetition of a completion that succeeded succeeds again as long as the
   * object stands.
   *
   * @param parts in ascending order: else {@link ErrorCode#INVALID_PART_ORDER}; {@link
   *     ErrorCode#INVALID_PART} for an unknown one or a wrong ETag or checksum; {@link
   *     ErrorCode#PART_TOO_SMALL}
   * @param checksums of the whole object, computed or given by the frontend
   */
  ObjectInfo completeUpload(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      UploadId upload,
      List<CompletedPart> parts,
      SortedMap<String, String> checksums,
      WriteCondition condition);

  void abortUpload(Caller caller, BucketName bucket, ObjectKey key, UploadId upload);

  /** Parts in number order. */
  Page<PartInfo> parts(
      Caller caller, BucketName bucket, ObjectKey key, UploadId upload, int afterNumber, int limit);

  /**
   * Uploads under way in (key, initiated, id) order.
   *
   * @param prefix of their keys
   * @param afterKey keys greater than this; "" for all
   * @param afterId with {@code afterKey}: also that key's uploads after this id
   */
  Page<UploadInfo> uploads(
      Caller caller,
      BucketName bucket,
      String prefix,
      String afterKey,
      Optional<UploadId> afterId,
      int limit);
}
