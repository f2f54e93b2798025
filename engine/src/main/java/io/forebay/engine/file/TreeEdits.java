package io.forebay.engine.file;

import io.forebay.ambient.Invariant;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Entry;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.Transaction;

/**
 * Changes of the tree inside a transaction, for the file system and the object view alike. They
 * keep link counts, parent pointers, times and change counters of directories, and decide what
 * becomes of an inode that has lost its last name. They check neither rights nor whether a name is
 * free: callers do, in the same transaction.
 */
public final class TreeEdits {
  /** What an entry adds to its directory's size, besides its name: an estimate. */
  private static final int ENTRY_BYTES = 24;

  private final Holds holds;
  private final History history;

  TreeEdits(Holds holds, History history) {
    this.holds = holds;
    this.history = history;
  }

  /** Versions of files. */
  public History history() {
    return history;
  }

  /**
   * An inode that has a name, or is held open without one.
   *
   * @throws EngineException {@link ErrorCode#STALE}
   */
  public Inode require(Transaction tx, InodeId id) {
    Inode inode = tx.require(id);
    if (!holds.isReachable(inode)) {
      throw new EngineException(ErrorCode.STALE, id + " is gone");
    }
    return inode;
  }

  /** {@link ErrorCode#STALE}, {@link ErrorCode#NOT_DIRECTORY}, {@link ErrorCode#IS_SYMLINK}. */
  public Inode requireDirectory(Transaction tx, InodeId id) {
    return directory(require(tx, id));
  }

  /** The inode, when it is a directory. */
  static Inode directory(Inode inode) {
    return switch (inode.type()) {
      case DIRECTORY -> inode;
      case SYMLINK ->
          throw new EngineException(ErrorCode.IS_SYMLINK, inode.id() + " is a symbolic link");
      case REGULAR, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
          throw new EngineException(ErrorCode.NOT_DIRECTORY, inode.id() + " is no directory");
    };
  }

  /**
   * Adds a new inode under a name that is free.
   *
   * @param child a new inode: type, mode, ids, size set; no links, no parent
   * @return the inode as it is now
   */
  public Inode addChild(Transaction tx, InodeId directory, FileName name, InodeEdit child) {
    Inode fresh = child.done();
    boolean isDirectory = fresh.type() == FileType.DIRECTORY;
    Invariant.check(fresh.attributes().linkCount() == 0, "a new inode has no links yet");
    Inode named = fresh.edit().addLinks(isDirectory ? 2 : 1).parent(directory).done();
    tx.create(named);
    addEntry(tx, directory, name, named);
    return named;
  }

  /** Gives an existing inode a name; its link count is the caller's, a directory's parent too. */
  void addEntry(Transaction tx, InodeId directory, FileName name, Inode inode) {
    tx.addEntry(directory, name, inode.id(), inode.type());
    InodeEdit edit = tx.require(directory).edit();
    changeEntries(tx, edit, inode.type() == FileType.DIRECTORY ? 1 : 0, name, 1);
    if (inode.type() == FileType.REGULAR) {
      history.named(tx, directory, name, inode.id());
    }
  }

  /** Takes a name away and leaves what it named as it is. */
  void takeEntry(Transaction tx, Entry entry) {
    tx.removeEntry(entry.parent(), entry.name());
    InodeEdit edit = tx.require(entry.parent()).edit();
    changeEntries(tx, edit, entry.type() == FileType.DIRECTORY ? -1 : 0, entry.name(), -1);
  }

  private static void changeEntries(
      Transaction tx, InodeEdit directory, int links, FileName name, int sign) {
    long size = directory.done().attributes().size();
    long delta = sign * (long) (ENTRY_BYTES + name.length());
    tx.put(directory.addLinks(links).size(Math.max(0, size + delta)).touchContent(tx.now()).done());
  }

  /**
   * Removes an entry, and a link of what it names. The last link gone, the inode stays while it is
   * held open, else its deletion is queued. A directory must be empty: the caller has checked. In a
   * bucket with versions a file stays as one, below a delete marker.
   */
  public void removeChild(Transaction tx, Entry entry) {
    remove(tx, entry, History.Departure.DELETED);
  }

  /** As {@link #removeChild}, where another file takes the name in the same transaction. */
  public void makeWay(Transaction tx, Entry entry) {
    remove(tx, entry, History.Departure.REPLACED);
  }

  private void remove(Transaction tx, Entry entry, History.Departure how) {
    boolean kept = entry.type() == FileType.REGULAR && history.unnamed(tx, entry, how);
    if (entry.type() == FileType.DIRECTORY && entry.parent().equals(InodeId.ROOT)) {
      history.bucketRemoved(tx, entry.inode());
    }
    takeEntry(tx, entry);
    if (kept) {
      tx.put(tx.require(entry.inode()).edit().addLinks(-1).done());
    } else {
      dropLink(tx, entry);
    }
  }

  /** Takes a name away, for good: what it named is neither kept as a version nor marked. */
  public void destroyChild(Transaction tx, Entry entry) {
    takeEntry(tx, entry);
    dropLink(tx, entry);
  }

  /** Gives a version that was not current its key's name again. */
  public void restoreChild(Transaction tx, InodeId directory, FileName name, InodeId version) {
    Inode inode = tx.require(version).edit().addLinks(1).parent(directory).done();
    tx.put(inode);
    addEntry(tx, directory, name, inode);
  }

  /** What an entry named loses a link, or, being a directory, goes. */
  private void dropLink(Transaction tx, Entry entry) {
    Inode inode = tx.require(entry.inode());
    int all = inode.attributes().linkCount();
    int lost = inode.type() == FileType.DIRECTORY ? all : 1;
    InodeEdit edit = inode.edit().addLinks(-lost).touch(tx.now());
    if (lost < all) {
      edit.parent(tx.dropName(inode, entry.parent()));
    }
    tx.put(edit.done());
    if (lost == all) {
      holds.lastNameGone(tx, inode.id());
    }
  }

  /**
   * Points an entry's name to a new inode, in one step for every reader. What it named loses a
   * link, as in {@link #removeChild}. The entry gets a new cookie.
   *
   * @param child as for {@link #addChild}
   */
  public Inode replaceChild(Transaction tx, Entry old, InodeEdit child) {
    makeWay(tx, old);
    return addChild(tx, old.parent(), old.name(), child);
  }

  /** A directory made implicitly stays from now on, whatever becomes of the objects below. */
  public void keep(Transaction tx, InodeId directory) {
    Inode inode = tx.require(directory);
    if (inode.implicit()) {
      tx.put(inode.edit().implicit(false).done());
    }
  }
}
