package io.forebay.engine.segment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Files open for reading, shared by their readers and kept open for the next one. At most {@code
 * capacity} stay open that nobody reads; those being read are bounded by the readers. Thread-safe.
 *
 * @param <K> what names a file; equal keys mean one file
 */
public final class OpenFiles<K> implements AutoCloseable {
  private static final int STRIPES = 16;

  private final SegmentFiles files;
  private final Stripe<K>[] stripes;

  /**
   * @param capacity 16 or more
   */
  public OpenFiles(SegmentFiles files, int capacity) {
    this.files = files;
    @SuppressWarnings({"unchecked", "rawtypes"})
    Stripe<K>[] all = new Stripe[STRIPES];
    for (int i = 0; i < STRIPES; i++) {
      all[i] = new Stripe<>(Math.max(1, capacity / STRIPES));
    }
    this.stripes = all;
  }

  private Stripe<K> stripe(K key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return stripes[hash >>> 28];
  }

  /**
   * Opens, or shares what is open.
   *
   * @param file where it is, should it have to be opened
   */
  public FileLease acquire(K key, Path file) throws IOException {
    Stripe<K> stripe = stripe(key);
    FileLease shared = stripe.share(key);
    // Opened outside of the lock; should two threads do so, the second one's is closed again.
    return shared != null ? shared : stripe.add(key, files.openForReading(file));
  }

  /** Closes the file once its readers are done; the next {@link #acquire} opens it anew. */
  public void forget(K key) {
    stripe(key).forget(key);
  }

  /** Forgets all. */
  @Override
  public void close() {
    for (Stripe<K> stripe : stripes) {
      stripe.forgetAll();
    }
  }

  private static final class Stripe<K> {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<K, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    Stripe(int capacity) {
      this.capacity = capacity;
    }

    @Nullable FileLease share(K key) {
      lock.lock();
      try {
        Entry entry = entries.get(key);
        if (entry == null) {
          return null;
        }
        if (!entry.channel.isOpen()) {
          // Closed by the interruption of a thread that read from it.
          entries.remove(key);
          return null;
        }
        return entry.lease(lock);
      } finally {
        lock.unlock();
      }
    }

    FileLease add(K key, FileChannel channel) {
      lock.lock();
      try {
        Entry present = entries.get(key);
        if (present != null && present.channel.isOpen()) {
          close(channel);
          return present.lease(lock);
        }
        Entry entry = new Entry(channel);
        entries.put(key, entry);
        FileLease lease = entry.lease(lock);
        shrink();
        return lease;
      } finally {
        lock.unlock();
      }
    }

    private void shrink() {
      Iterator<Map.Entry<K, Entry>> eldest = entries.entrySet().iterator();
      while (entries.size() > capacity && eldest.hasNext()) {
        Entry entry = eldest.next().getValue();
        if (entry.leases == 0) {
          eldest.remove();
          entry.retire();
        }
      }
    }

    void forget(K key) {
      lock.lock();
      try {
        Entry entry = entries.remove(key);
        if (entry != null) {
          entry.retire();
        }
      } finally {
        lock.unlock();
      }
    }

    void forgetAll() {
      lock.lock();
      try {
        entries.values().forEach(Entry::retire);
        entries.clear();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Guarded by its stripe's lock. */
  private static final class Entry {
    private final FileChannel channel;
    private int leases;
    private boolean retired;

    Entry(FileChannel channel) {
      this.channel = channel;
    }

    FileLease lease(ReentrantLock lock) {
      leases++;
      return new FileLease() {
        private boolean returned;

        @Override
        public FileChannel channel() {
          return channel;
        }

        @Override
        public FileLease share() {
          lock.lock();
          try {
            return lease(lock);
          } finally {
            lock.unlock();
          }
        }

        @Override
        public void close() {
          lock.lock();
          try {
            if (!returned) {
              returned = true;
              leases--;
              closeWhenUnused();
            }
          } finally {
            lock.unlock();
          }
        }
      };
    }

    void retire() {
      retired = true;
      closeWhenUnused();
    }

    private void closeWhenUnused() {
      if (retired && leases == 0) {
        OpenFiles.close(channel);
      }
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing a file opened for reading failed", e);
    }
  }
}
