package io.forebay.engine.maintenance;

import io.forebay.engine.InodeId;
import io.forebay.engine.file.Holds;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Snapshot.Work;
import io.forebay.engine.metadata.Transaction;
import java.util.List;

/**
 * Deletes inodes that lost their last name: extents in steps, then the inode, then the row that
 * asked for it. Each transaction does a bounded amount, so that others get their turn; an end at
 * any point leaves the row to go on from.
 */
public final class DeletionQueue {
  /** Rows of the queue in one transaction. */
  private static final int ROWS = 64;

  /** Extents of one inode in one transaction. */
  private static final int EXTENTS = 256;

  private final MetadataStore metadata;
  private final Holds holds;

  public DeletionQueue(MetadataStore metadata, Holds holds) {
    this.metadata = metadata;
    this.holds = holds;
  }

  /**
   * Works until the queue has been gone through once.
   *
   * @return how many inodes are gone
   */
  public int runOnce() {
    int gone = 0;
    long after = 0;
    while (!Thread.currentThread().isInterrupted()) {
      long from = after;
      List<Work> some = metadata.read(snapshot -> snapshot.work(from, ROWS));
      if (some.isEmpty()) {
        return gone;
      }
      List<Work> unfinished = some;
      while (!unfinished.isEmpty() && !Thread.currentThread().isInterrupted()) {
        List<Work> now = unfinished;
        unfinished = metadata.write(transaction -> step(transaction, now));
        gone += now.size() - unfinished.size();
      }
      after = some.getLast().id();
    }
    return gone;
  }

  /** Does a part of each; returns what needs more. */
  private List<Work> step(Transaction transaction, List<Work> work) {
    return work.stream().filter(each -> !finished(transaction, each)).toList();
  }

  private boolean finished(Transaction transaction, Work work) {
    switch (work.kind()) {
      case DELETE_INODE -> {
        InodeId inode = new InodeId(work.subject());
        if (holds.isHeld(inode)) {
          // The row stays for a later run. Not expected: what is discarded cannot be opened.
          return true;
        }
        if (!transaction.deleteStep(inode, EXTENTS)) {
          return false;
        }
      }
    }
    transaction.finishWork(work.id());
    return true;
  }
}
