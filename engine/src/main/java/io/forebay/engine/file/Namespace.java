package io.forebay.engine.file;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Creation;
import io.forebay.engine.DirectoryChange;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.Permission;
import io.forebay.engine.Removal;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.metadata.Entry;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Transaction;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Creates, links and removes names; each in one transaction. Thread-safe. */
final class Namespace {
  private final MetadataStore store;
  private final TreeEdits tree;
  private final LiveFiles files;

  Namespace(MetadataStore store, TreeEdits tree, LiveFiles files) {
    this.store = store;
    this.tree = tree;
    this.files = files;
  }

  /** Creates what is no regular file. */
  Creation create(
      Caller caller,
      InodeId directory,
      FileName name,
      FileType type,
      AttributeChanges initial,
      UnaryOperator<InodeEdit> more) {
    AttributeRules.requireValid(initial);
    return store.write(tx -> {
      Inode parent = tree.requireDirectory(tx, directory);
      Permissions.require(caller, parent.attributes(), Permission.EXECUTE);
      requireFree(tx, directory, name);
      Permissions.require(caller, parent.attributes(), Permission.WRITE);
      if (type == FileType.DIRECTORY && parent.attributes().linkCount() == Integer.MAX_VALUE) {
        throw new EngineException(ErrorCode.TOO_MANY_LINKS, "too many directories in one");
      }
      return add(tx, caller, parent, name, type, initial, more);
    });
  }

  private static void requireFree(Transaction tx, InodeId directory, FileName name) {
    if (tx.entry(directory, name).isPresent()) {
      throw new EngineException(ErrorCode.EXISTS, "the name exists");
    }
  }

  private Creation add(
      Transaction tx,
      Caller caller,
      Inode parent,
      FileName name,
      FileType type,
      AttributeChanges initial,
      UnaryOperator<InodeEdit> more) {
    InodeEdit edit =
        AttributeRules.create(caller, parent, tx.newInodeId(), type, initial, tx.now());
    Inode created = tree.addChild(tx, parent.id(), name, more.apply(edit));
    tree.keep(tx, parent.id());
    return new Creation(created.attributes(), true, change(tx, parent));
  }

  private static DirectoryChange change(Transaction tx, Inode before) {
    return new DirectoryChange(
        before.attributes().change(), tx.require(before.id()).attributes().change());
  }

  /** Creates a regular file or finds it; what is found is not changed. */
  Creation createFile(
      Caller caller, InodeId directory, FileName name, CreateMode mode, AttributeChanges initial) {
    AttributeRules.requireValid(initial);
    return store.write(tx -> {
      Inode parent = tree.requireDirectory(tx, directory);
      Permissions.require(caller, parent.attributes(), Permission.EXECUTE);
      Optional<Entry> present = tx.entry(directory, name);
      if (present.isPresent()) {
        Inode found = found(tx.require(present.get().inode()), mode);
        long change = parent.attributes().change();
        return new Creation(files.visible(found), false, new DirectoryChange(change, change));
      }
      Permissions.require(caller, parent.attributes(), Permission.WRITE);
      return add(
          tx,
          caller,
          parent,
          name,
          FileType.REGULAR,
          initial,
          edit -> {
            initial.size().ifPresent(edit::size);
            return mode instanceof CreateMode.Exclusive exclusive
                ? edit.verifier(exclusive.verifier())
                : edit;
          });
    });
  }

  /** An inode that stands where a file is to be created. */
  static Inode found(Inode inode, CreateMode mode) {
    boolean isIt =
        switch (mode) {
          case CreateMode.Unchecked unchecked -> {
            requireRegular(inode);
            yield true;
          }
          case CreateMode.Guarded guarded -> false;
          case CreateMode.Exclusive exclusive ->
              inode.type() == FileType.REGULAR
                  && inode.verifier().isPresent()
                  && inode.verifier().getAsLong() == exclusive.verifier();
        };
    if (!isIt) {
      throw new EngineException(ErrorCode.EXISTS, "the name exists");
    }
    return inode;
  }

  static void requireRegular(Inode inode) {
    switch (inode.type()) {
      case REGULAR -> {}
      case DIRECTORY ->
          throw new EngineException(ErrorCode.IS_DIRECTORY, inode.id() + " is a directory");
      case SYMLINK ->
          throw new EngineException(ErrorCode.IS_SYMLINK, inode.id() + " is a symbolic link");
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
          throw new EngineException(ErrorCode.WRONG_TYPE, inode.id() + " is no regular file");
    }
  }

  DirectoryChange link(Caller caller, InodeId file, InodeId directory, FileName name) {
    return store.write(tx -> {
      Inode inode = tree.require(tx, file);
      Inode parent = tree.requireDirectory(tx, directory);
      Permissions.require(caller, parent.attributes(), Permission.EXECUTE);
      if (inode.type() == FileType.DIRECTORY) {
        throw new EngineException(ErrorCode.IS_DIRECTORY, "a directory has one name");
      }
      requireFree(tx, directory, name);
      Permissions.require(caller, parent.attributes(), Permission.WRITE);
      if (inode.attributes().linkCount() == 0) {
        throw new EngineException(ErrorCode.STALE, "a file without a name gets none");
      }
      if (inode.attributes().linkCount() >= FileSystem.MAX_LINKS) {
        throw new EngineException(ErrorCode.TOO_MANY_LINKS, "the file has too many names");
      }
      tx.addName(inode, directory);
      Inode linked = inode.edit().addLinks(1).touch(tx.now()).done();
      tx.put(linked);
      tree.addEntry(tx, directory, name, linked);
      tree.keep(tx, directory);
      return change(tx, parent);
    });
  }

  Removal remove(Caller caller, InodeId directory, FileName name, RemoveKind what) {
    return store.write(tx -> {
      Inode parent = tree.requireDirectory(tx, directory);
      Permissions.require(caller, parent.attributes(), Permission.EXECUTE);
      Entry entry = requireEntry(tx, directory, name);
      Inode child = tx.require(entry.inode());
      Permissions.require(caller, parent.attributes(), Permission.WRITE);
      Permissions.requireStickyRemoval(caller, parent.attributes(), child.attributes());
      requireKind(child.type() == FileType.DIRECTORY, what);
      requireEmpty(tx, child);
      tree.removeChild(tx, entry);
      tree.keep(tx, directory);
      boolean last = tx.require(child.id()).attributes().linkCount() == 0;
      return new Removal(change(tx, parent), child.id(), last);
    });
  }

  static Entry requireEntry(Transaction tx, InodeId directory, FileName name) {
    return tx.entry(directory, name)
        .orElseThrow(() -> new EngineException(ErrorCode.NOT_FOUND, "no such name"));
  }

  private static void requireKind(boolean isDirectory, RemoveKind what) {
    if (isDirectory && what == RemoveKind.FILE) {
      throw new EngineException(ErrorCode.IS_DIRECTORY, "the name is a directory's");
    }
    if (!isDirectory && what == RemoveKind.DIRECTORY) {
      throw new EngineException(ErrorCode.NOT_DIRECTORY, "the name is no directory's");
    }
  }

  static void requireEmpty(Transaction tx, Inode inode) {
    if (inode.type() == FileType.DIRECTORY && !tx.entries().isEmpty(inode.id())) {
      throw new EngineException(ErrorCode.NOT_EMPTY, "the directory is not empty");
    }
  }
}
