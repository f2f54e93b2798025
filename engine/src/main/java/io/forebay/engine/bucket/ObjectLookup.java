package io.forebay.engine.bucket;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileType;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectLock;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.Permission;
import io.forebay.engine.VersionId;
import io.forebay.engine.WriteCondition;
import io.forebay.engine.bucket.KeyPath.Step;
import io.forebay.engine.file.FileContents;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.metadata.Objects;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Which inodes are objects, and what S3 is shown of them. */
final class ObjectLookup {
  /** The tree can change under a walk this often before it is somebody else's turn. */
  private static final int ATTEMPTS = 100;

  private final FileContents contents;

  ObjectLookup(FileContents contents) {
    this.contents = contents;
  }

  /** An object that was found. */
  record Found(KeyPath path, Step step, Optional<Objects.Row> row) {}

  /**
   * Finds the object of a key: a regular file, or, for a key with a trailing slash, a directory
   * that was put explicitly.
   */
  Optional<Found> find(TreeReader tree, Caller caller, BucketName bucket, ObjectKey key) {
    return in(tree, KeyPath.walk(tree, caller, bucket, key.components()), key);
  }

  /** The object at the end of a path. */
  Optional<Found> in(TreeReader tree, KeyPath path, ObjectKey key) {
    if (path.target().isEmpty()) {
      return Optional.empty();
    }
    Step step = path.target().get();
    FileType wanted = key.isDirectory() ? FileType.DIRECTORY : FileType.REGULAR;
    if (step.entry().type() != wanted) {
      return Optional.empty();
    }
    Optional<Objects.Row> row = tree.object(step.inode().id());
    return key.isDirectory() && row.isEmpty()
        ? Optional.empty()
        : Optional.of(new Found(path, step, row));
  }

  /**
   * As {@link #find}, for reading. {@link ErrorCode#NOT_FOUND}, {@link ErrorCode#ACCESS_DENIED}.
   */
  Found readable(TreeReader tree, Caller caller, BucketName bucket, ObjectKey key) {
    Found found = find(tree, caller, bucket, key).orElseThrow(ObjectLookup::notFound);
    Permissions.require(caller, found.step().inode().attributes(), Permission.READ);
    return found;
  }

  static EngineException notFound() {
    return new EngineException(ErrorCode.NOT_FOUND, "there is no such object");
  }

  /** What S3 sees of an object now, uncommitted writes included. */
  ObjectInfo info(ObjectKey key, Found found) {
    return info(key, contents.attributes(found.step().inode()), found.row());
  }

  /** What S3 sees of an inode. ETag and checksums hold for the content they were stored with. */
  static ObjectInfo info(ObjectKey key, FileAttributes attributes, Optional<Objects.Row> row) {
    ObjectProperties properties =
        row.map(there -> StoredProperties.decode(there.properties()).properties())
            .orElse(ObjectProperties.NONE);
    // A directory's content is always empty, however often its entries change.
    Optional<String> stored =
        row.filter(there ->
                attributes.isDirectory() || there.dataVersion() == attributes.dataVersion())
            .map(Objects.Row::etag);
    return new ObjectInfo(
        key,
        stored.orElseGet(() -> ContentTag.opaque(attributes.inode(), attributes.dataVersion())),
        attributes.isDirectory() ? 0 : attributes.size(),
        attributes.modifyNanos(),
        stored.isPresent() ? properties : properties.withChecksums(Map.of()),
        attributes.inode(),
        attributes.uid(),
        row.map(there -> new VersionId(there.version())).orElse(VersionId.NULL),
        row.map(Objects.Row::lock).orElse(ObjectLock.NONE));
  }

  /**
   * Decides on a condition, within the transaction that acts on it.
   *
   * @param there the object now
   * @param taken whether something has the name, visible to S3 or not
   */
  static void check(WriteCondition condition, Optional<ObjectInfo> there, boolean taken) {
    switch (condition) {
      case WriteCondition.Always always -> {}
      case WriteCondition.IfAbsent absent -> {
        if (taken) {
          throw new EngineException(ErrorCode.CONDITION_FAILED, "the object exists");
        }
      }
      case WriteCondition.IfMatches matches -> {
        String etag = there.orElseThrow(ObjectLookup::notFound).etag();
        if (!matches.etag().equals("*") && !matches.etag().equals(etag)) {
          throw new EngineException(ErrorCode.CONDITION_FAILED, "the object's ETag is " + etag);
        }
      }
    }
  }

  /** Repeats a read of the committed tree that changed under it. */
  static <T> T untorn(Supplier<T> read) {
    for (int attempt = 1; ; attempt++) {
      try {
        return read.get();
      } catch (EngineException e) {
        if (e.code() != ErrorCode.STALE) {
          throw e;
        }
        if (attempt == ATTEMPTS) {
          throw new EngineException(
              ErrorCode.THROTTLED, "the path changes too fast to be followed", e);
        }
      }
    }
  }
}
