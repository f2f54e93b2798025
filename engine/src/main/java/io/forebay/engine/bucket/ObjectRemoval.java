package io.forebay.engine.bucket;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.WriteCondition;
import io.forebay.engine.bucket.KeyPath.Step;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.file.TreeEdits;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.Transaction;
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

  /** Inside a transaction; returns whether there was an object. */
  boolean delete(
      Transaction tx, Caller caller, BucketName bucket, ObjectKey key, WriteCondition condition) {
    TreeReader reader = TreeReader.of(tx);
    Optional<ObjectLookup.Found> found = lookup.find(reader, caller, bucket, key);
    Optional<ObjectInfo> there = found.map(object -> lookup.info(key, object));
    ObjectLookup.check(condition, there, there.isPresent());
    if (found.isEmpty()) {
      return false;
    }
    KeyPath path = found.get().path();
    Step target = found.get().step();
    FileAttributes directory = path.deepest().inode().attributes();
    Permissions.requireChange(caller, directory);
    Permissions.requireStickyRemoval(caller, directory, target.inode().attributes());
    if (key.isDirectory()) {
      deleteDirectory(tx, target);
    } else {
      tree.removeChild(tx, target.entry());
    }
    prune(tx, path.directories());
    return true;
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
  private void prune(Transaction tx, List<Step> directories) {
    for (Step step : directories.subList(1, directories.size()).reversed()) {
      Inode directory = tx.require(step.inode().id());
      if (!directory.implicit() || !tx.entries().isEmpty(directory.id())) {
        return;
      }
      tree.removeChild(tx, step.entry());
    }
  }
}
