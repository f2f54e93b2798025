package io.forebay.engine.file;

import io.forebay.engine.Caller;
import io.forebay.engine.DirectoryChange;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.Permission;
import io.forebay.engine.Renaming;
import io.forebay.engine.metadata.Entry;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Transaction;
import java.util.Optional;

/**
 * Renames, each in one transaction, at a cost that does not depend on what lies below. That a
 * directory does not move below itself is checked along the parents of the target; renames run one
 * after another on the writer thread, so no two can make a loop together. Thread-safe.
 */
final class Renames {
  private final MetadataStore store;
  private final TreeEdits tree;

  Renames(MetadataStore store, TreeEdits tree) {
    this.store = store;
    this.tree = tree;
  }

  Renaming rename(
      Caller caller, InodeId fromDirectory, FileName from, InodeId toDirectory, FileName to) {
    return store.write(tx -> {
      Inode source = tree.requireDirectory(tx, fromDirectory);
      Inode target = tree.requireDirectory(tx, toDirectory);
      Permissions.require(caller, source.attributes(), Permission.EXECUTE);
      Permissions.require(caller, target.attributes(), Permission.EXECUTE);
      Entry entry = Namespace.requireEntry(tx, fromDirectory, from);
      Optional<Entry> replaced = tx.entry(toDirectory, to);
      Inode moved = tx.require(entry.inode());
      if (replaced.filter(there -> there.inode().equals(moved.id())).isPresent()) {
        return new Renaming(unchanged(source), unchanged(target), moved.id(), Optional.empty());
      }
      Permissions.require(caller, source.attributes(), Permission.WRITE);
      Permissions.require(caller, target.attributes(), Permission.WRITE);
      Permissions.requireStickyRemoval(caller, source.attributes(), moved.attributes());
      boolean leaves = !fromDirectory.equals(toDirectory);
      if (moved.type() == FileType.DIRECTORY) {
        tree.history().directoryRenamed(tx, moved, toDirectory);
      }
      if (moved.type() == FileType.DIRECTORY && leaves) {
        // Its ".." changes.
        Permissions.require(caller, moved.attributes(), Permission.WRITE);
        requireOutside(tx, moved, target);
      }
      replaced.ifPresent(there -> replace(tx, caller, target, there, moved));
      move(tx, entry, toDirectory, to);
      return new Renaming(
          change(tx, source), change(tx, target), moved.id(), replaced.map(Entry::inode));
    });
  }

  private static DirectoryChange unchanged(Inode directory) {
    long change = directory.attributes().change();
    return new DirectoryChange(change, change);
  }

  private static DirectoryChange change(Transaction tx, Inode before) {
    return new DirectoryChange(
        before.attributes().change(), tx.require(before.id()).attributes().change());
  }

  private static void requireOutside(Transaction tx, Inode moved, Inode target) {
    Inode each = target;
    while (!each.id().equals(InodeId.ROOT)) {
      if (each.id().equals(moved.id())) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT, "a directory does not move below itself");
      }
      each =
          tx.require(
              each.parent()
                  .orElseThrow(
                      () -> new EngineException(ErrorCode.CORRUPT, "a directory has a parent")));
    }
  }

  private void replace(Transaction tx, Caller caller, Inode target, Entry there, Inode moved) {
    Inode old = tx.require(there.inode());
    Permissions.requireStickyRemoval(caller, target.attributes(), old.attributes());
    boolean isDirectory = old.type() == FileType.DIRECTORY;
    if (isDirectory && moved.type() != FileType.DIRECTORY) {
      throw new EngineException(ErrorCode.IS_DIRECTORY, "the target is a directory");
    }
    if (!isDirectory && moved.type() == FileType.DIRECTORY) {
      throw new EngineException(ErrorCode.NOT_DIRECTORY, "the target is no directory");
    }
    Namespace.requireEmpty(tx, old);
    tree.makeWay(tx, there);
  }

  private void move(Transaction tx, Entry entry, InodeId toDirectory, FileName to) {
    if (entry.type() == FileType.REGULAR) {
      tree.history().unnamed(tx, entry, History.Departure.RENAMED);
    }
    tree.takeEntry(tx, entry);
    Inode before = tx.require(entry.inode());
    InodeId home =
        entry.type() == FileType.DIRECTORY
            ? toDirectory
            : tx.moveName(before, entry.parent(), toDirectory);
    Inode moved = before.edit().parent(home).touch(tx.now()).done();
    tx.put(moved);
    tree.addEntry(tx, toDirectory, to, moved);
    tree.keep(tx, entry.parent());
    tree.keep(tx, toDirectory);
  }
}
