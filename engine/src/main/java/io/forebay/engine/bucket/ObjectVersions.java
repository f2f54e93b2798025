package io.forebay.engine.bucket;

import io.forebay.engine.BucketName;
import io.forebay.engine.BucketSetting;
import io.forebay.engine.Caller;
import io.forebay.engine.Deleted;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.LockChange;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectLock;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.OpenObject;
import io.forebay.engine.Permission;
import io.forebay.engine.VersionId;
import io.forebay.engine.VersionListing;
import io.forebay.engine.WriteCondition;
import io.forebay.engine.bucket.ObjectLookup.Found;
import io.forebay.engine.file.FileContents;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.file.PinnedContent;
import io.forebay.engine.file.TreeEdits;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Snapshot;
import io.forebay.engine.metadata.Transaction;
import io.forebay.engine.metadata.Versions;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Objects by the ids of their versions. */
final class ObjectVersions {
  private final MetadataStore store;
  private final FileContents contents;
  private final TreeEdits tree;
  private final ObjectLookup lookup;
  private final Publication publication;
  private final ObjectRemoval removal;

  ObjectVersions(
      MetadataStore store,
      FileContents contents,
      TreeEdits tree,
      ObjectLookup lookup,
      Publication publication,
      ObjectRemoval removal) {
    this.store = store;
    this.contents = contents;
    this.tree = tree;
    this.lookup = lookup;
    this.publication = publication;
    this.removal = removal;
  }

  /**
   * A version.
   *
   * @param row empty: it is the current one
   */
  record Target(Optional<Versions.Row> row, Inode inode, Optional<Objects.Row> object) {}

  // --- finding

  /**
   * Finds one for reading.
   *
   * @throws EngineException {@link ErrorCode#NO_SUCH_VERSION}, {@link ErrorCode#DELETE_MARKER}
   */
  Target find(
      Snapshot snapshot, Caller caller, BucketName bucket, ObjectKey key, VersionId version) {
    TreeReader reader = TreeReader.of(snapshot);
    KeyPath path = KeyPath.walk(reader, caller, bucket, key.components());
    Optional<Found> current = lookup.in(reader, path, key).filter(found -> is(found, version));
    if (current.isPresent()) {
      return new Target(Optional.empty(), current.get().step().inode(), current.get().row());
    }
    Versions.Row row = row(snapshot, path, key, version);
    if (row.isMarker()) {
      throw new EngineException(ErrorCode.DELETE_MARKER, "the version is a delete marker");
    }
    InodeOf found = inode(snapshot, row);
    return new Target(Optional.of(row), found.inode(), found.object());
  }

  private record InodeOf(Inode inode, Optional<Objects.Row> object) {}

  private static InodeOf inode(Snapshot snapshot, Versions.Row row) {
    Inode inode =
        row.inode()
            .flatMap(snapshot::inode)
            .orElseThrow(() -> new EngineException(ErrorCode.CORRUPT, "a version has an inode"));
    return new InodeOf(inode, snapshot.objects().find(inode.id()));
  }

  private static boolean is(Found found, VersionId version) {
    return found.row().map(Objects.Row::version).orElse(0L) == version.number();
  }

  private static Versions.Row row(
      Snapshot snapshot, KeyPath path, ObjectKey key, VersionId version) {
    return snapshot
        .versions()
        .find(path.bucket().inode().id(), KeyBytes.of(key.value()), version.number())
        .orElseThrow(
            () -> new EngineException(ErrorCode.NO_SUCH_VERSION, "there is no such version"));
  }

  Target readable(
      Snapshot snapshot, Caller caller, BucketName bucket, ObjectKey key, VersionId version) {
    Target target = find(snapshot, caller, bucket, key, version);
    Permissions.require(caller, target.inode().attributes(), Permission.READ);
    return target;
  }

  // --- reading

  ObjectInfo head(Caller caller, BucketName bucket, ObjectKey key, VersionId version) {
    Target target = store.read(snapshot -> readable(snapshot, caller, bucket, key, version));
    return ObjectLookup.info(key, contents.attributes(target.inode()), target.object());
  }

  OpenObject open(Caller caller, BucketName bucket, ObjectKey key, VersionId version) {
    return ObjectLookup.untorn(() -> {
      Target target = store.read(snapshot -> readable(snapshot, caller, bucket, key, version));
      if (key.isDirectory()) {
        return PinnedObject.empty(
            ObjectLookup.info(key, target.inode().attributes(), target.object()));
      }
      PinnedContent content =
          target.row().isPresent()
              ? contents.pinVersion(target.inode().id())
              : contents.pin(target.inode().id());
      boolean same = false;
      try {
        // Held now: whoever destroys it later leaves the bytes to us.
        Target again = store.read(snapshot -> readable(snapshot, caller, bucket, key, version));
        same = again.inode().id().equals(target.inode().id());
        if (!same) {
          throw new EngineException(ErrorCode.STALE, "the version moved meanwhile");
        }
        return new PinnedObject(
            ObjectLookup.info(key, content.attributes(), again.object()), content);
      } finally {
        if (!same) {
          content.close();
        }
      }
    });
  }

  VersionListing list(
      Caller caller,
      BucketName bucket,
      String prefix,
      String delimiter,
      String afterKey,
      Optional<VersionId> afterVersion,
      int limit) {
    Inode directory =
        ObjectLookup.untorn(() -> KeyPath.bucket(TreeReader.of(store), caller, bucket)).inode();
    if (!caller.isSuperuser() && caller.uid() != directory.attributes().uid()) {
      throw new EngineException(ErrorCode.ACCESS_DENIED, "versions are for the bucket's owner");
    }
    return new VersionLister(store, contents, caller, bucket, directory.id(), prefix, delimiter)
        .list(afterKey, afterVersion, limit);
  }

  // --- destroying

  Deleted remove(
      Transaction tx,
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      VersionId version,
      boolean bypass) {
    TreeReader reader = TreeReader.of(tx);
    KeyPath path = KeyPath.walk(reader, caller, bucket, key.components());
    Optional<Found> current = lookup.in(reader, path, key).filter(found -> is(found, version));
    if (current.isPresent()) {
      Found found = current.get();
      ObjectRemoval.requireRemoval(caller, path, found.step());
      requireUnlocked(tx, found.row(), bypass);
      if (key.isDirectory()) {
        return removal.delete(tx, caller, bucket, key, WriteCondition.ALWAYS);
      }
      tree.destroyChild(tx, found.step().entry());
      promote(tx, caller, bucket, key);
      removal.prune(tx, KeyPath.walk(reader, caller, bucket, key.components()).directories());
      return new Deleted(true, Optional.of(version), false);
    }
    Optional<Versions.Row> row =
        tx.versions().find(path.bucket().inode().id(), KeyBytes.of(key.value()), version.number());
    if (row.isEmpty()) {
      return new Deleted(false, Optional.of(version), false);
    }
    Permissions.requireChange(caller, path.deepest().inode().attributes());
    if (!row.get().isMarker()) {
      InodeOf found = inode(tx, row.get());
      Permissions.requireStickyRemoval(
          caller, path.deepest().inode().attributes(), found.inode().attributes());
      requireUnlocked(tx, found.object(), bypass);
    }
    tree.history().destroy(tx, row.get());
    promote(tx, caller, bucket, key);
    return new Deleted(true, Optional.of(version), row.get().isMarker());
  }

  private static void requireUnlocked(Transaction tx, Optional<Objects.Row> row, boolean bypass) {
    if (row.filter(there -> there.lock().holds(tx.now(), bypass)).isPresent()) {
      throw new EngineException(ErrorCode.LOCKED, "a lock keeps the version");
    }
  }

  /**
   * Makes the latest version of a key current, unless it is a marker, or something stands in its
   * place.
   */
  private void promote(Transaction tx, Caller caller, BucketName bucket, ObjectKey key) {
    KeyPath path = KeyPath.walk(TreeReader.of(tx), caller, bucket, key.components());
    if (path.target().isPresent() || path.blocked()) {
      return;
    }
    tx.versions()
        .latest(path.bucket().inode().id(), KeyBytes.of(key.value()))
        .filter(row -> !row.isMarker())
        .ifPresent(row -> {
          FileName name = key.components().getLast();
          tx.versions().delete(row);
          tree.restoreChild(
              tx, publication.directoryFor(tx, caller, path), name, row.inode().orElseThrow());
        });
  }

  // --- changing what is kept with a version

  private ObjectInfo change(
      Transaction tx,
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      Optional<VersionId> version,
      UnaryOperator<Objects.Row> change) {
    Target target =
        version.isPresent()
            ? find(tx, caller, bucket, key, version.get())
            : lookup
                .find(TreeReader.of(tx), caller, bucket, key)
                .map(found -> new Target(Optional.empty(), found.step().inode(), found.row()))
                .orElseThrow(ObjectLookup::notFound);
    Permissions.require(caller, target.inode().attributes(), Permission.WRITE);
    // A file that NFS made gets a row whose ETag holds for no content it can have.
    Objects.Row old =
        target
            .object()
            .orElseGet(
                () -> new Objects.Row(0, "", StoredProperties.of(ObjectProperties.NONE).encode()));
    Objects.Row row = change.apply(old);
    tx.putObject(target.inode().id(), row);
    return ObjectLookup.info(key, target.inode().attributes(), Optional.of(row));
  }

  ObjectInfo setTags(
      Transaction tx,
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      Optional<VersionId> version,
      Map<String, String> tags) {
    return change(
        tx,
        caller,
        bucket,
        key,
        version,
        old -> {
          StoredProperties stored = StoredProperties.decode(old.properties());
          byte[] encoded =
              new StoredProperties(stored.properties().withTags(tags), stored.keepsDirectory())
                  .encode();
          return new Objects.Row(old.dataVersion(), old.etag(), encoded, old.version(), old.lock());
        });
  }

  ObjectInfo setLock(
      Transaction tx,
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      Optional<VersionId> version,
      LockChange change) {
    Inode directory = KeyPath.bucket(TreeReader.of(tx), caller, bucket).inode();
    if (!tx.bucketSettings().of(directory.id()).containsKey(BucketSetting.OBJECT_LOCK)) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT, "Bucket is missing Object Lock Configuration");
    }
    return change(
        tx,
        caller,
        bucket,
        key,
        version,
        old -> old.withVersion(old.version(), locked(old.lock(), change, tx.now())));
  }

  private static ObjectLock locked(ObjectLock old, LockChange change, long now) {
    return switch (change) {
      case LockChange.LegalHold(boolean held) -> old.withLegalHold(held);
      case LockChange.Retention(ObjectLock.Mode mode, long until, boolean bypass) -> {
        if (mode != ObjectLock.Mode.NONE && until <= now) {
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT, "The retain until date must be in the future!");
        }
        boolean weaker = until < old.retainUntilNanos() || mode.ordinal() < old.mode().ordinal();
        boolean mayWeaken = old.mode() == ObjectLock.Mode.GOVERNANCE && bypass;
        if (old.retains(now) && weaker && !mayWeaken) {
          throw new EngineException(ErrorCode.LOCKED, "a retention is not weakened");
        }
        yield old.withRetention(mode, mode == ObjectLock.Mode.NONE ? 0 : until);
      }
    };
  }
}
