package io.forebay.engine.metadata;

import io.forebay.engine.BucketSetting;
import io.forebay.engine.InodeId;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What is set of buckets, within one operation. */
public final class SettingChanges {
  private final Batch batch;
  private final Batch.Changes changes;
  private final Settings rows;

  SettingChanges(Batch batch, Batch.Changes changes, Settings rows) {
    this.batch = batch;
    this.changes = changes;
    this.rows = rows;
  }

  /** Not to be changed; from memory when it is there. */
  public Map<BucketSetting, byte[]> of(InodeId bucket) {
    Optional<Map<BucketSetting, byte[]>> own = changes.settings.get(bucket);
    return own != null ? own.orElse(Map.of()) : batch.settings(bucket);
  }

  public void put(InodeId bucket, BucketSetting setting, byte[] value) {
    Map<BucketSetting, byte[]> after = copyOf(bucket);
    after.put(setting, value);
    rows.put(bucket, setting, value);
    changes.settings.put(bucket, Optional.of(after));
  }

  public void remove(InodeId bucket, BucketSetting setting) {
    Map<BucketSetting, byte[]> after = copyOf(bucket);
    after.remove(setting);
    rows.delete(bucket, setting);
    changes.settings.put(bucket, Optional.of(after));
  }

  private Map<BucketSetting, byte[]> copyOf(InodeId bucket) {
    Map<BucketSetting, byte[]> copy = new EnumMap<>(BucketSetting.class);
    copy.putAll(of(bucket));
    return copy;
  }

  /** The bucket goes. */
  public void removeAll(InodeId bucket) {
    if (!of(bucket).isEmpty()) {
      rows.deleteAll(bucket);
      changes.settings.put(bucket, Optional.of(Map.of()));
    }
  }
}
