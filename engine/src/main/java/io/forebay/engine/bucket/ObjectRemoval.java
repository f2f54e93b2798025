package io.forebay.engine.bucket;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.Deleted;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.VersionId;
import io.forebay.engine.WriteCondition;
import io.forebay.engine.bucket.KeyPath.Step;
import io.forebay.engine.file.History;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.file.TreeEdits;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.Transaction;
import io.forebay.engine.metadata.Versions;
import java.util.List;
import java.util.Optional;

/** Takes an object away, and the implicit directories that it leaves empty. */
final class ObjectRemoval {
  private final TreeEdits tree;
  private final ObjectLookup lookup;

  ObjectRemoval(TreeEdits tree, ObjectLookup lookup) {
    this.tree = tree;
    this.lookup = lookup;
  }

  /** Inside a transaction. */
  Deleted delete(
      Transaction tx, Caller caller, BucketName bucket, ObjectKey key, WriteCondition condition) {
    TreeReader reader = TreeReader.of(tx);
    KeyPath path = KeyPath.walk(reader, caller, bucket, key.components());
    Optional<ObjectLookup.Found> found = lookup.in(reader, path, key);
    Optional<ObjectInfo> there = found.map(object -> lookup.info(key, object));
    ObjectLookup.check(condition, there, there.isPresent());
    Optional<History.Place> place = place(tx, path, key);
    if (found.isEmpty()) {
      return place
          .map(where -> {
            Permissions.requireChange(caller, path.deepest().inode().attributes());
            return marked(false, tree.history().mark(tx, where, caller.uid()));
          })
          .orElse(new Deleted(false, Optional.empty(), false));
    }
    Step target = found.get().step();
    requireRemoval(caller, path, target);
    if (key.isDirectory()) {
      deleteDirectory(tx, target);
    } else {
      tree.removeChild(tx, target.entry());
    }
    Deleted done =
        place
            .map(where -> marked(true, markOf(tx, where, caller)))
            .orElse(new Deleted(true, Optional.empty(), false));
    prune(tx, path.directories());
    return done;
  }

  /** Where versions are kept of a key; also below directories that are not there. */
  private Optional<History.Place> place(Transaction tx, KeyPath path, ObjectKey key) {
    if (key.isDirectory()) {
      return Optional.empty();
    }
    return tree.history()
        .place(tx, path.bucket().inode().id(), key.components().getFirst())
        .map(top -> top.of(KeyBytes.of(key.value())));
  }

  static void requireRemoval(Caller caller, KeyPath path, Step target) {
    FileAttributes directory = path.deepest().inode().attributes();
    Permissions.requireChange(caller, directory);
    Permissions.requireStickyRemoval(caller, directory, target.inode().attributes());
  }

  private static Deleted marked(boolean existed, long version) {
    return new Deleted(existed, Optional.of(new VersionId(version)), true);
  }

  /** The marker that the removal made; an empty file leaves none, but S3 is promised one. */
  private long markOf(Transaction tx, History.Place where, Caller caller) {
    return tx.versions()
        .latest(where.bucket(), where.key())
        .filter(Versions.Row::isMarker)
        .map(Versions.Row::version)
        .orElseGet(() -> tree.history().mark(tx, where, caller.uid()));
  }

  /** The directory is no object any more; it goes unless something keeps it. */
  private void deleteDirectory(Transaction tx, Step target) {
    Inode directory = target.inode();
    boolean keeps =
        tx.object(directory.id())
            .map(row -> StoredProperties.decode(row.properties()).keepsDirectory())
            .orElse(true);
    tx.removeObject(directory.id());
    if (keeps) {
      return;
    }
    if (tx.entries().isEmpty(directory.id())) {
      tree.removeChild(tx, target.entry());
    } else {
      tx.put(tx.require(directory.id()).edit().implicit(true).done());
    }
  }

  /** Removes implicit directories that are empty, from the deepest up, never the bucket. */
  void prune(Transaction tx, List<Step> directories) {
    for (Step step : directories.subList(1, directories.size()).reversed()) {
      Inode directory = tx.require(step.inode().id());
      if (!directory.implicit() || !tx.entries().isEmpty(directory.id())) {
        return;
      }
      tree.removeChild(tx, step.entry());
    }
  }
}
