package io.forebay.engine.metadata;

import io.forebay.engine.BucketSetting;
import io.forebay.engine.InodeId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The bucket_setting table, as one connection sees it. */
public final class Settings {
  private final Sql sql;

  Settings(Sql sql) {
    this.sql = sql;
  }

  /** All settings of a bucket; empty for anything else. */
  public Map<BucketSetting, byte[]> of(InodeId bucket) {
    Map<BucketSetting, byte[]> settings = new EnumMap<>(BucketSetting.class);
    sql.list(
            "SELECT kind, value FROM bucket_setting WHERE bucket = ?",
            row -> Map.entry(BucketSetting.ofCode(row.getInt(1)), row.getBytes(2)),
            bucket.value())
        .forEach(each -> settings.put(each.getKey(), each.getValue()));
    return settings;
  }

  /** Buckets above {@code after} that have a setting, in the order of their inodes. */
  public List<InodeId> bucketsWith(BucketSetting setting, long after, int limit) {
    return sql.list(
        "SELECT bucket FROM bucket_setting WHERE kind = ? AND bucket > ? ORDER BY bucket LIMIT ?",
        row -> new InodeId(row.getLong(1)),
        setting.code(),
        after,
        limit);
  }

  void put(InodeId bucket, BucketSetting setting, byte[] value) {
    sql.update(
        "INSERT INTO bucket_setting (bucket, kind, value) VALUES (?,?,?)"
            + " ON CONFLICT (bucket, kind) DO UPDATE SET value = excluded.value",
        bucket.value(),
        setting.code(),
        value);
  }

  void delete(InodeId bucket, BucketSetting setting) {
    sql.update(
        "DELETE FROM bucket_setting WHERE bucket = ? AND kind = ?", bucket.value(), setting.code());
  }

  void deleteAll(InodeId bucket) {
    sql.update("DELETE FROM bucket_setting WHERE bucket = ?", bucket.value());
  }
}
