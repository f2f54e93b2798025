package io.forebay.engine.metadata;

import java.util.concurrent.locks.ReentrantLock;

/** Ids for use outside the writer thread, from ranges leased in transactions of their own. */
final class IdLease {
  private static final int RANGE = 1024;

  private final MetadataStore store;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private long next;
  private long end;

  IdLease(MetadataStore store, String name) {
    this.store = store;
    this.name = name;
  }

  /** A new id. The lock is held over a commit once in a thousand calls: all others need it too. */
  long next() {
    lock.lock();
    try {
      if (next == end) {
        next = store.write(transaction -> IdCounters.lease(transaction.sql(), name, RANGE));
        end = next + RANGE;
      }
      return next++;
    } finally {
      lock.unlock();
    }
  }
}
