package io.forebay.engine.cache;

import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Proves cached files little by little, so that a flipped bit is found before a reader would get
 * it. A file of a segment that the metadata does not know any more goes. Thread-safe.
 */
public final class Scrubber {
  private final List<CacheDisk> disks;
  private final FileProof proof;
  private final Function<SegmentId, Optional<PageChecksums>> checksums;
  private final ReentrantLock lock = new ReentrantLock();
  private int disk;
  private Iterator<CachedFile> files = Collections.emptyIterator();

  Scrubber(
      CacheDisks disks, FileProof proof, Function<SegmentId, Optional<PageChecksums>> checksums) {
    this.disks = disks.all();
    this.proof = proof;
    this.checksums = checksums;
  }

  /**
   * Goes on where the last call stopped, for that many bytes or until every file was seen once.
   *
   * @return bytes checked
   */
  public long runOnce(long maximumBytes) {
    lock.lock();
    try {
      long checked = 0;
      int disksLeft = disks.size();
      while (checked < maximumBytes && !Thread.currentThread().isInterrupted()) {
        if (files.hasNext()) {
          checked += check(disks.get(disk), files.next());
        } else if (disksLeft-- > 0) {
          disk = (disk + 1) % disks.size();
          files = disks.get(disk).files();
        } else {
          return checked;
        }
      }
      return checked;
    } finally {
      lock.unlock();
    }
  }

  private long check(CacheDisk on, CachedFile file) {
    Optional<PageChecksums> known = checksums.apply(file.segment());
    if (known.isEmpty()) {
      on.discard(file);
      return 0;
    }
    long checked = 0;
    for (int block = file.firstBlock(); block < file.endBlock(); block++) {
      int offset = block * Blocks.SIZE;
      int end = Math.min(offset + Blocks.SIZE, file.dataEnd());
      Optional<CacheDisk.Opened> opened = on.open(file.segment(), offset, end);
      if (opened.isEmpty()) {
        return checked;
      }
      try {
        if (!proof.check(on, opened.get(), block, known.get())) {
          return checked;
        }
      } finally {
        opened.get().lease().close();
      }
      checked += end - offset;
    }
    return checked;
  }
}
