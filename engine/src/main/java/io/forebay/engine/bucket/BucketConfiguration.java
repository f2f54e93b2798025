package io.forebay.engine.bucket;

import io.forebay.engine.BucketLock;
import io.forebay.engine.BucketName;
import io.forebay.engine.BucketSetting;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectLock;
import io.forebay.engine.Versioning;
import io.forebay.engine.bucket.KeyPath.Step;
import io.forebay.engine.file.BucketRules;
import io.forebay.engine.file.BucketRules.DefaultRetention;
import io.forebay.engine.file.TreeEdits;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Transaction;
import java.time.Period;
import java.util.Map;
import java.util.Optional;

/** What is set of buckets. */
final class BucketConfiguration {
  private static final long DAY_NANOS = 86_400_000_000_000L;
  private static final int MAX_DAYS = 36_500;

  private final MetadataStore store;
  private final TreeEdits tree;

  BucketConfiguration(MetadataStore store, TreeEdits tree) {
    this.store = store;
    this.tree = tree;
  }

  Map<BucketSetting, byte[]> get(Caller caller, BucketName bucket) {
    Step step = ObjectLookup.untorn(() -> KeyPath.bucket(TreeReader.of(store), caller, bucket));
    return store.settings(step.inode().id());
  }

  /** Whether deleting what is not there makes a delete marker. */
  boolean marksMissing(Caller caller, BucketName bucket, ObjectKey key) {
    return tree.history().isUsed()
        && !key.isDirectory()
        && BucketRules.versioning(get(caller, bucket)) != Versioning.OFF;
  }

  boolean isVersioned(Transaction tx, Caller caller, BucketName bucket) {
    Inode directory = KeyPath.bucket(TreeReader.of(tx), caller, bucket).inode();
    return BucketRules.versioning(tx.bucketSettings().of(directory.id())) != Versioning.OFF;
  }

  void put(Caller caller, BucketName bucket, BucketSetting setting, Optional<byte[]> value) {
    if (setting == BucketSetting.VERSIONING || setting == BucketSetting.OBJECT_LOCK) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, setting + " has a method of its own");
    }
    if (value.isPresent() && value.get().length > BucketSetting.MAX_BYTES) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a setting has at most 256 KiB");
    }
    store.write(tx -> {
      Inode directory = owned(tx, caller, bucket);
      value.ifPresentOrElse(
          bytes -> tx.bucketSettings().put(directory.id(), setting, bytes.clone()),
          () -> tx.bucketSettings().remove(directory.id(), setting));
      return setting;
    });
  }

  static Inode owned(Transaction tx, Caller caller, BucketName bucket) {
    Inode directory = KeyPath.bucket(TreeReader.of(tx), caller, bucket).inode();
    requireOwner(caller, directory);
    return directory;
  }

  static void requireOwner(Caller caller, Inode bucket) {
    if (!caller.isSuperuser() && caller.uid() != bucket.attributes().uid()) {
      throw new EngineException(ErrorCode.NOT_PERMITTED, "only the bucket's owner may");
    }
  }

  void setVersioning(Caller caller, BucketName bucket, Versioning versioning) {
    if (versioning == Versioning.OFF) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "versioning is suspended, never off");
    }
    tree.history().use();
    store.write(tx -> {
      Inode directory = owned(tx, caller, bucket);
      boolean locked =
          tx.bucketSettings().of(directory.id()).containsKey(BucketSetting.OBJECT_LOCK);
      if (locked && versioning == Versioning.SUSPENDED) {
        throw new EngineException(ErrorCode.LOCKED, "the bucket has object lock");
      }
      tx.bucketSettings()
          .put(directory.id(), BucketSetting.VERSIONING, BucketRules.encode(versioning));
      return versioning;
    });
  }

  Optional<BucketLock> objectLock(Caller caller, BucketName bucket) {
    Map<BucketSetting, byte[]> settings = get(caller, bucket);
    if (!settings.containsKey(BucketSetting.OBJECT_LOCK)) {
      return Optional.empty();
    }
    DefaultRetention retention = BucketRules.retention(settings);
    int days = (int) (retention.nanos() / DAY_NANOS);
    // Years are kept as such: whoever set them reads them again.
    Period period = retention.years() ? Period.ofYears(days / 365) : Period.ofDays(days);
    return Optional.of(new BucketLock(retention.mode(), period));
  }

  void setObjectLock(Caller caller, BucketName bucket, BucketLock lock) {
    boolean retains = lock.mode() != ObjectLock.Mode.NONE;
    if (lock.days() > MAX_DAYS || (retains && lock.days() < 1)) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT, "a default retention has 1 day to 100 years");
    }
    store.write(tx -> {
      Inode directory = owned(tx, caller, bucket);
      if (BucketRules.versioning(tx.bucketSettings().of(directory.id())) != Versioning.ENABLED) {
        throw new EngineException(ErrorCode.LOCKED, "object lock needs versioning");
      }
      DefaultRetention retention =
          new DefaultRetention(
              lock.mode(), lock.days() * DAY_NANOS, lock.retention().getYears() > 0);
      tx.bucketSettings()
          .put(directory.id(), BucketSetting.OBJECT_LOCK, BucketRules.encode(retention));
      return lock;
    });
  }
}
