package io.forebay.engine.bucket;

import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.Permission;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.metadata.Entry;
import io.forebay.engine.metadata.Inode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far the path of a key exists.
 *
 * @param directories the bucket, then the directories that exist on the way to the last component
 * @param missing components, the last one excluded, that do not exist; from the first of them on
 * @param blocked whether something on the way is no directory, so that no such path can exist
 * @param target what the last component names
 */
record KeyPath(
    List<Step> directories, List<FileName> missing, boolean blocked, Optional<Step> target) {
  /** A name and what it names. */
  record Step(Entry entry, Inode inode) {}

  /** The bucket's directory. */
  Step bucket() {
    return directories.getFirst();
  }

  /** The last directory that exists. */
  Step deepest() {
    return directories.getLast();
  }

  /** Finds a bucket. {@link ErrorCode#NO_SUCH_BUCKET}, {@link ErrorCode#ACCESS_DENIED}. */
  static Step bucket(TreeReader tree, Caller caller, BucketName name) {
    Inode root = inode(tree, InodeId.ROOT);
    Permissions.require(caller, root.attributes(), Permission.EXECUTE);
    return tree.entry(InodeId.ROOT, FileName.of(name.value()))
        .filter(entry -> entry.type() == FileType.DIRECTORY)
        .map(entry -> new Step(entry, inode(tree, entry.inode())))
        .orElseThrow(
            () -> new EngineException(ErrorCode.NO_SUCH_BUCKET, "there is no bucket " + name));
  }

  /**
   * Walks along the components of a key, with search permission on every directory.
   *
   * @throws EngineException {@link ErrorCode#NO_SUCH_BUCKET}, {@link ErrorCode#ACCESS_DENIED};
   *     {@link ErrorCode#STALE} when the tree changed under the walk, so that it has to be repeated
   */
  static KeyPath walk(
      TreeReader tree, Caller caller, BucketName bucket, List<FileName> components) {
    List<Step> directories = new ArrayList<>(components.size());
    Step current = bucket(tree, caller, bucket);
    directories.add(current);
    for (int i = 0; ; i++) {
      Permissions.require(caller, current.inode().attributes(), Permission.EXECUTE);
      Optional<Step> next = step(tree, current.inode().id(), components.get(i));
      if (i == components.size() - 1) {
        return new KeyPath(directories, List.of(), false, next);
      }
      if (next.isEmpty()) {
        return new KeyPath(
            directories, components.subList(i, components.size() - 1), false, Optional.empty());
      }
      current = next.get();
      if (current.entry().type() != FileType.DIRECTORY) {
        return new KeyPath(directories, List.of(), true, Optional.empty());
      }
      directories.add(current);
    }
  }

  private static Optional<Step> step(TreeReader tree, InodeId directory, FileName name) {
    return tree.entry(directory, name).map(entry -> new Step(entry, inode(tree, entry.inode())));
  }

  private static Inode inode(TreeReader tree, InodeId id) {
    return tree.inode(id).orElseThrow(() -> new EngineException(ErrorCode.STALE, id + " is gone"));
  }
}
