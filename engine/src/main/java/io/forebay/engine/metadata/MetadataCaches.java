package io.forebay.engine.metadata;

import io.forebay.engine.BucketSetting;
import io.forebay.engine.DirectoryUsage;
import io.forebay.engine.InodeId;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import java.util.Map;
import java.util.Optional;

/** What of the metadata is kept in memory. All bounded by one number of entries. */
final class MetadataCaches {
  /** Buckets whose settings are in memory. */
  private static final int MAX_BUCKETS = 1024;

  private final CommittedCache<InodeId, Inode> inodes;
  private final CommittedCache<EntryKey, Entry> entries;
  private final CommittedCache<InodeId, Objects.Row> objects;
  private final CommittedCache<InodeId, Map<BucketSetting, byte[]>> settings;
  private final CommittedCache<SegmentId, PageChecksums> checksums;
  private final CommittedCache<InodeId, DirectoryUsage> totals;
  private final Quotas quotas;
  private volatile InodeWatcher watcher = InodeWatcher.NONE;

  MetadataCaches(int maximumEntries, Quotas quotas) {
    this.quotas = quotas;
    this.inodes = new CommittedCache<>(maximumEntries);
    this.entries = new CommittedCache<>(maximumEntries);
    this.objects = new CommittedCache<>(maximumEntries);
    // Those of directories that change: an eighth is more than a busy tree has.
    this.totals = new CommittedCache<>(Math.max(1024, maximumEntries / 8));
    this.settings = new CommittedCache<>(MAX_BUCKETS);
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

  CommittedCache<InodeId, Map<BucketSetting, byte[]>> settings() {
    return settings;
  }

  CommittedCache<SegmentId, PageChecksums> checksums() {
    return checksums;
  }

  CommittedCache<InodeId, DirectoryUsage> totals() {
    return totals;
  }

  Quotas quotas() {
    return quotas;
  }

  void watch(InodeWatcher newWatcher) {
    watcher = newWatcher;
  }

  void publish(Batch.Changes changes) {
    changes.inodes.forEach(inodes::publish);
    changes.inodes.forEach(watcher::committed);
    changes.totals.forEach((id, usage) ->
        totals.publish(id, Optional.of(usage).filter(some -> !some.equals(DirectoryUsage.NONE))));
    changes.quotas.forEach(quotas::publish);
    changes.entries.forEach(entries::publish);
    changes.objects.forEach(objects::publish);
    changes.settings.forEach(settings::publish);
  }
}
