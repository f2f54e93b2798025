package io.forebay.engine.metadata;

import io.forebay.engine.BucketSetting;
import io.forebay.engine.DirectoryUsage;
import io.forebay.engine.InodeId;
import io.forebay.engine.Quota;
import io.forebay.engine.segment.SegmentId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One database transaction on the writer thread: the changes of the operations in it. */
final class Batch {
  /** What operations changed, kept until it is written or published. */
  static final class Changes {
    final Map<InodeId, Optional<Inode>> inodes = new LinkedHashMap<>();
    final Map<EntryKey, Optional<Entry>> entries = new LinkedHashMap<>();
    final Map<InodeId, Optional<Objects.Row>> objects = new LinkedHashMap<>();
    final Map<InodeId, DirectoryUsage> totals = new LinkedHashMap<>();
    final Map<InodeId, Optional<Quota>> quotas = new LinkedHashMap<>();
    final Map<InodeId, Optional<Map<BucketSetting, byte[]>>> settings = new LinkedHashMap<>();
    final Map<SegmentId, Long> liveBytes = new HashMap<>();
    final Set<InodeId> contents = new HashSet<>();
    final List<Runnable> actions = new ArrayList<>();
    long bytes;
    long inodeCount;

    void addLive(SegmentId segment, long delta) {
      liveBytes.merge(segment, delta, Long::sum);
    }

    void add(Changes later) {
      inodes.putAll(later.inodes);
      entries.putAll(later.entries);
      objects.putAll(later.objects);
      totals.putAll(later.totals);
      quotas.putAll(later.quotas);
      settings.putAll(later.settings);
      later.liveBytes.forEach(this::addLive);
      contents.addAll(later.contents);
      actions.addAll(later.actions);
      bytes += later.bytes;
      inodeCount += later.inodeCount;
    }
  }

  private final Sql sql;
  private final MetadataCaches caches;
  private final IdCounters ids;
  private final Changes changes = new Changes();

  /** What was read: committed, and not in the caches. */
  private final Map<InodeId, Optional<Inode>> loaded = new HashMap<>();

  Batch(Sql sql, MetadataCaches caches, IdCounters ids) {
    this.sql = sql;
    this.caches = caches;
    this.ids = ids;
  }

  Sql sql() {
    return sql;
  }

  IdCounters ids() {
    return ids;
  }

  Changes changes() {
    return changes;
  }

  /** As the operations before have it. Cached inodes are what is committed: one writer. */
  Optional<Inode> inode(InodeId id) {
    if (changes.inodes.containsKey(id)) {
      return known(id);
    }
    Optional<Inode> cached = known(id);
    return cached.isPresent()
        ? cached
        : loaded.computeIfAbsent(id, key -> InodeRows.find(sql, key));
  }

  /** As {@link #inode}, as far as it is in memory. */
  Optional<Inode> known(InodeId id) {
    Optional<Inode> changed = changes.inodes.get(id);
    return changed != null ? changed : caches.inodes().peek(id);
  }

  /** As the operations before have it. */
  DirectoryUsage totals(InodeId directory) {
    DirectoryUsage changed = changes.totals.get(directory);
    return changed != null ? changed : committedTotals(directory);
  }

  private DirectoryUsage committedTotals(InodeId directory) {
    // Totals are written when the batch is: until then the row is what is committed.
    return caches
        .totals()
        .get(directory, key -> DirectoryTotals.find(sql, key))
        .orElse(DirectoryUsage.NONE);
  }

  boolean hasQuotas() {
    return !caches.quotas().isEmpty() || !changes.quotas.isEmpty();
  }

  Optional<Quota> quota(InodeId directory) {
    Optional<Quota> changed = changes.quotas.get(directory);
    return changed != null ? changed : caches.quotas().of(directory);
  }

  /** What is set of a bucket, as the operations before have it; from memory when it is there. */
  Map<BucketSetting, byte[]> settings(InodeId bucket) {
    Optional<Map<BucketSetting, byte[]>> changed = changes.settings.get(bucket);
    return (changed != null
            ? changed
            : caches.settings().get(bucket, id -> Optional.of(new Settings(sql).of(id))))
        .orElse(Map.of());
  }

  /** Writes what was put off: inodes, totals, live bytes, usage. */
  void flush(long now) {
    changes.inodes.forEach((id, inode) ->
        inode.ifPresentOrElse(there -> InodeRows.put(sql, there), () -> InodeRows.delete(sql, id)));
    changes
        .totals
        .entrySet()
        .removeIf(each -> each.getValue().equals(committedTotals(each.getKey())));
    DirectoryTotals.put(sql, changes.totals);
    changes.liveBytes.forEach(
        (segment, delta) -> new Segments(sql).addLiveBytes(segment, delta, now));
    if (changes.bytes != 0 || changes.inodeCount != 0) {
      sql.update(
          "UPDATE usage SET bytes = bytes + ?, inodes = inodes + ?",
          changes.bytes,
          changes.inodeCount);
    }
  }
}
