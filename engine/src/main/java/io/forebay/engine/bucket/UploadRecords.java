package io.forebay.engine.bucket;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.Page;
import io.forebay.engine.PartInfo;
import io.forebay.engine.Permission;
import io.forebay.engine.UploadId;
import io.forebay.engine.UploadInfo;
import io.forebay.engine.bucket.KeyPath.Step;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Snapshot;
import io.forebay.engine.metadata.Transaction;
import io.forebay.engine.metadata.Uploads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Multipart uploads under way: begun, looked at, given up. */
final class UploadRecords {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int ID_BYTES = 24;
  private static final int ABORTED_AT_ONCE = 100;
  private static final int MAX_PAGE = 1000;

  private final MetadataStore store;
  private final Publication publication;
  private final RandomGenerator random;

  UploadRecords(MetadataStore store, Publication publication, RandomGenerator random) {
    this.store = store;
    this.publication = publication;
    this.random = random;
  }

  UploadInfo create(Caller caller, BucketName bucket, ObjectKey key, ObjectProperties properties) {
    if (key.isDirectory()) {
      throw new EngineException(
          ErrorCode.DIRECTORY_OBJECT_HAS_DATA, "an object whose key ends in a slash is empty");
    }
    byte[] secret = new byte[ID_BYTES];
    random.nextBytes(secret);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    byte[] encoded = StoredProperties.of(properties).encode();
    return info(
        store.write(tx -> {
          KeyPath path = publication.check(TreeReader.of(tx), caller, bucket, key);
          Uploads.Row row =
              new Uploads.Row(
                  id,
                  path.bucket().inode().id(),
                  KeyBytes.of(key.value()),
                  tx.now(),
                  caller.uid(),
                  caller.gid(),
                  encoded,
                  OptionalLong.empty());
          tx.addUpload(row);
          return row;
        }));
  }

  /** An upload of this bucket and key, completed or not; {@link ErrorCode#NO_SUCH_UPLOAD}. */
  static Uploads.Row find(Uploads uploads, InodeId bucket, ObjectKey key, UploadId id) {
    if (!ID.matcher(id.value()).matches()) {
      throw noSuchUpload();
    }
    return uploads
        .find(id.value())
        .filter(row -> row.bucket().equals(bucket))
        .filter(row -> KeyBytes.text(row.key()).equals(key.value()))
        .orElseThrow(UploadRecords::noSuchUpload);
  }

  /**
   * An upload under way, for whoever began it or could put the object it becomes. Whether that can
   * be put there still is decided when it is completed, not before.
   */
  Uploads.Row require(
      Snapshot snapshot, Caller caller, BucketName bucket, ObjectKey key, UploadId id) {
    TreeReader tree = TreeReader.of(snapshot);
    InodeId directory = KeyPath.bucket(tree, caller, bucket).inode().id();
    Uploads.Row row = find(snapshot.uploads(), directory, key, id);
    if (row.completed().isPresent()) {
      throw noSuchUpload();
    }
    if (row.uid() != caller.uid() && !caller.isSuperuser()) {
      publication.check(tree, caller, bucket, key);
    }
    return row;
  }

  static EngineException noSuchUpload() {
    return new EngineException(ErrorCode.NO_SUCH_UPLOAD, "there is no such upload");
  }

  UploadInfo get(Caller caller, BucketName bucket, ObjectKey key, UploadId id) {
    return info(store.read(snapshot -> require(snapshot, caller, bucket, key, id)));
  }

  Page<PartInfo> parts(
      Caller caller, BucketName bucket, ObjectKey key, UploadId id, int after, int limit) {
    int bounded = Math.clamp(limit, 0, MAX_PAGE);
    List<Uploads.Part> found =
        store.read(snapshot -> {
          require(snapshot, caller, bucket, key, id);
          return snapshot.uploads().parts(id.value(), after, bounded + 1);
        });
    return new Page<>(
        found.stream().limit(bounded).map(UploadRecords::partInfo).toList(),
        bounded > 0 && found.size() > bounded);
  }

  void abort(Caller caller, BucketName bucket, ObjectKey key, UploadId id) {
    store.write(tx -> {
      require(tx, caller, bucket, key, id);
      tx.removeUpload(id.value());
      return id;
    });
  }

  Page<UploadInfo> list(
      Caller caller,
      BucketName bucket,
      String prefix,
      String afterKey,
      Optional<UploadId> afterId,
      int limit) {
    Step directory =
        ObjectLookup.untorn(() -> KeyPath.bucket(TreeReader.of(store), caller, bucket));
    Permissions.require(caller, directory.inode().attributes(), Permission.EXECUTE);
    Permissions.require(caller, directory.inode().attributes(), Permission.READ);
    int bounded = KeyBytes.isWellFormed(prefix) ? Math.clamp(limit, 0, MAX_PAGE) : 0;
    List<Uploads.Row> found = new ArrayList<>();
    store
        .read(snapshot -> {
          InodeId inode = directory.inode().id();
          Position from = begin(snapshot.uploads(), inode, prefix, afterKey, afterId);
          return snapshot
              .uploads()
              .list(inode, from.key(), from.initiated(), from.id(), bounded + 1);
        })
        .stream()
        .takeWhile(row -> KeyBytes.startsWith(row.key(), KeyBytes.of(prefix)))
        .forEach(found::add);
    return new Page<>(
        found.stream().limit(bounded).map(UploadRecords::info).toList(),
        bounded > 0 && found.size() > bounded);
  }

  /** Uploads after this come next. */
  private record Position(byte[] key, long initiated, String id) {}

  private static Position begin(
      Uploads uploads, InodeId bucket, String prefix, String afterKey, Optional<UploadId> afterId) {
    byte[] first = KeyBytes.of(prefix);
    byte[] after = KeyBytes.of(afterKey);
    if (Arrays.compareUnsigned(after, first) < 0) {
      return new Position(first, Long.MIN_VALUE, "");
    }
    if (afterId.isEmpty()) {
      byte[] next = after.length == 0 ? after : KeyBytes.next(after);
      return new Position(next, Long.MIN_VALUE, "");
    }
    // One that ended since leaves no place to go on from: its key's uploads come again, whole.
    String id = afterId.get().value();
    return uploads
        .find(id)
        .filter(row -> row.bucket().equals(bucket) && KeyBytes.text(row.key()).equals(afterKey))
        .map(row -> new Position(after, row.initiatedNanos(), id))
        .orElse(new Position(after, Long.MIN_VALUE, ""));
  }

  /** Gives up what was bound to a bucket that is gone; each upload in a transaction of its own. */
  void abortAll(InodeId bucket) {
    List<Uploads.Row> some;
    do {
      some =
          store.read(snapshot ->
              snapshot.uploads().list(bucket, KeyBytes.EMPTY, Long.MIN_VALUE, "", ABORTED_AT_ONCE));
      some.forEach(this::remove);
    } while (!some.isEmpty());
  }

  /** Drops uploads, completed ones included, begun before a moment; returns how many. */
  int expire(long initiatedBeforeNanos, int limit) {
    List<Uploads.Row> old =
        store.read(snapshot -> snapshot.uploads().initiatedBefore(initiatedBeforeNanos, limit));
    old.forEach(this::remove);
    return old.size();
  }

  private void remove(Uploads.Row row) {
    store.write(tx -> {
      remove(tx, row.id());
      return row;
    });
  }

  private static void remove(Transaction tx, String id) {
    if (tx.uploads().find(id).isPresent()) {
      tx.removeUpload(id);
    }
  }

  static UploadInfo info(Uploads.Row row) {
    return new UploadInfo(
        new UploadId(row.id()),
        ObjectKey.of(KeyBytes.text(row.key())),
        row.initiatedNanos(),
        row.uid(),
        StoredProperties.decode(row.properties()).properties());
  }

  static PartInfo partInfo(Uploads.Part part) {
    return new PartInfo(
        part.number(),
        part.etag(),
        part.size(),
        part.modifyNanos(),
        Collections.unmodifiableSortedMap(
            new TreeMap<>(StoredProperties.decode(part.checksums()).properties().checksums())));
  }
}
