package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import java.util.Optional;

/** Sees each inode that a commit changed, as it is now, before anybody is answered. */
@FunctionalInterface
public interface InodeWatcher {
  /** Nobody watches. */
  InodeWatcher NONE = (id, inode) -> {};

  /**
   * Runs on the writer thread, in commit order; must not throw, block, nor call the store.
   *
   * @param inode empty: it is gone
   */
  void committed(InodeId id, Optional<Inode> inode);
}
