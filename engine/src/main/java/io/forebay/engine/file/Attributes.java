package io.forebay.engine.file;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.TimeChange;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.MetadataStore;

/** Reads and sets attributes. Thread-safe. */
final class Attributes {
  private final MetadataStore store;
  private final LiveFiles files;
  private final Holds holds;
  private final TreeEdits tree;
  private final Commits commits;

  Attributes(MetadataStore store, LiveFiles files, Holds holds, TreeEdits tree, Commits commits) {
    this.store = store;
    this.files = files;
    this.holds = holds;
    this.tree = tree;
    this.commits = commits;
  }

  /** The inode as committed; {@link ErrorCode#STALE} when it has neither name nor holder. */
  Inode require(InodeId id) {
    return store
        .inode(id)
        .filter(holds::isReachable)
        .orElseThrow(() -> new EngineException(ErrorCode.STALE, id + " is gone"));
  }

  /** As readers see it: uncommitted writes included. */
  FileAttributes visible(InodeId id) {
    return files.visible(require(id));
  }

  FileAttributes set(
      Caller caller, InodeId id, AttributeChanges changes, Durability level, boolean isOpen) {
    AttributeRules.requireValid(changes);
    Inode inode = require(id);
    if (changes.equals(AttributeChanges.NONE)) {
      return files.visible(inode);
    }
    boolean ofContent =
        changes.size().isPresent() || !(changes.modify() instanceof TimeChange.Keep);
    if (inode.type() == FileType.REGULAR && ofContent) {
      return setWithContent(caller, id, changes, level, isOpen);
    }
    Inode after =
        store.write(tx -> {
          Inode before = tree.require(tx, id);
          InodeEdit edit = before.edit();
          AttributeRules.apply(caller, before.attributes(), edit, changes, isOpen, tx.now());
          Inode changed = edit.done();
          tx.put(changed);
          return changed;
        });
    return files.visible(after);
  }

  /** A size or a time of modification is ordered among the writes. */
  private FileAttributes setWithContent(
      Caller caller, InodeId id, AttributeChanges changes, Durability level, boolean isOpen) {
    holds.hold(id);
    LiveFile live = null;
    try {
      live = files.acquire(id);
      commits.change(
          live,
          level,
          changes.size(),
          (before, edit, now) ->
              AttributeRules.apply(caller, before.attributes(), edit, changes, isOpen, now));
      return live.visible();
    } finally {
      if (live != null) {
        files.release(live);
      }
      holds.release(id);
    }
  }

  /** Before a write: who may not lend the owner's rights takes them from the file. */
  void dropLentRights(Caller writer, LiveFile live) {
    if (writer.isSuperuser() || !AttributeRules.lendsRights(live.visible())) {
      return;
    }
    store.write(tx -> {
      Inode inode = tree.require(tx, live.id());
      int mode = inode.attributes().mode();
      int without = Permissions.withoutLentRights(mode);
      if (mode != without) {
        tx.put(inode.edit().mode(without).touch(tx.now()).done());
      }
      return true;
    });
  }
}
