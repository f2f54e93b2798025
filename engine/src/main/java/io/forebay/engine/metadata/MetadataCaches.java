package io.forebay.engine.metadata;

import io.forebay.engine.InodeId;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;

/** What of the metadata is kept in memory. All bounded by one number of entries. */
final class MetadataCaches {
  private final CommittedCache<InodeId, Inode> inodes;
  private final CommittedCache<EntryKey, Entry> entries;
  private final CommittedCache<InodeId, Objects.Row> objects;
  private final CommittedCache<SegmentId, PageChecksums> checksums;
  private volatile InodeWatcher watcher = InodeWatcher.NONE;

  MetadataCaches(int maximumEntries) {
    this.inodes = new CommittedCache<>(maximumEntries);
    this.entries = new CommittedCache<>(maximumEntries);
    this.objects = new CommittedCache<>(maximumEntries);
    // A segment's checksums are a kilobyte: 4,096 of them cover 64 GiB of data in 4 MiB of memory.
    this.checksums = new CommittedCache<>(4096);
  }

  CommittedCache<InodeId, Inode> inodes() {
    return inodes;
  }

  CommittedCache<EntryKey, Entry> entries() {
    return entries;
  }

  CommittedCache<InodeId, Objects.Row> objects() {
    return objects;
  }

  CommittedCache<SegmentId, PageChecksums> checksums() {
    return checksums;
  }

  void watch(InodeWatcher newWatcher) {
    watcher = newWatcher;
  }

  void publish(Batch.Changes changes) {
    changes.inodes.forEach(inodes::publish);
    changes.inodes.forEach(watcher::committed);
    changes.entries.forEach(entries::publish);
    changes.objects.forEach(objects::publish);
  }
}
