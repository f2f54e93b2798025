package io.forebay.engine.file;

import io.forebay.engine.BucketSetting;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectLock;
import io.forebay.engine.Versioning;
import io.forebay.engine.metadata.Entry;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Transaction;
import io.forebay.engine.metadata.Versions;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * Versions of files in buckets that keep them, whichever side changes a file. The current version
 * of a key is the file of that name. What it was before stays as a nameless inode that shares or
 * takes over the extents: no byte is copied. All methods run inside the transaction that makes the
 * change. A volume where no bucket has versions pays nothing. Thread-safe.
 */
public final class History {
  /** Names of one file that get a version each when its content changes. */
  private static final int MAX_NAMES = 16;

  private final Holds holds;
  private volatile boolean used;

  History(MetadataStore store, Holds holds) {
    this.holds = holds;
    this.used =
        !store
            .read(snapshot -> snapshot.settings().bucketsWith(BucketSetting.VERSIONING, 0, 1))
            .isEmpty();
  }

  /** From now on there may be a bucket with versions. */
  public void use() {
    used = true;
  }

  /** Whether any bucket of the volume has, or had, versions. Never blocks. */
  public boolean isUsed() {
    return used;
  }

  /** A key in a bucket that has versions. */
  public record Place(
      InodeId bucket,
      byte[] key,
      Versioning versioning,
      long defaultLockNanos,
      ObjectLock.Mode defaultMode) {
    /** Another key of the same bucket. */
    public Place of(byte[] other) {
      return new Place(bucket, other, versioning, defaultLockNanos, defaultMode);
    }

    boolean isEnabled() {
      return versioning == Versioning.ENABLED;
    }

    ObjectLock lockFrom(long now) {
      return defaultMode == ObjectLock.Mode.NONE
          ? ObjectLock.NONE
          : new ObjectLock(defaultMode, now + defaultLockNanos, false);
    }
  }

  /** Why a name goes. */
  public enum Departure {
    /** Something else takes it. */
    REPLACED,
    /** It is deleted: a marker stands for it. */
    DELETED,
    /** Its file gets another name, and stays open to who has it open. */
    RENAMED
  }

  // --- where

  /** Empty: nothing is kept there. */
  public Optional<Place> place(Transaction tx, InodeId directory, FileName name) {
    if (!used) {
      return Optional.empty();
    }
    Optional<InodeId> bucket = bucketOf(tx, directory);
    if (bucket.isEmpty()) {
      return Optional.empty();
    }
    Map<BucketSetting, byte[]> settings = tx.bucketSettings().of(bucket.get());
    Versioning versioning = BucketRules.versioning(settings);
    if (versioning == Versioning.OFF) {
      return Optional.empty();
    }
    BucketRules.DefaultRetention retention = BucketRules.retention(settings);
    return Optional.of(
        new Place(
            bucket.get(),
            key(tx, bucket.get(), directory, name),
            versioning,
            retention.nanos(),
            retention.mode()));
  }

  private static Optional<InodeId> bucketOf(Transaction tx, InodeId directory) {
    InodeId each = directory;
    while (!each.equals(InodeId.ROOT)) {
      InodeId parent = tx.require(each).parent().orElse(InodeId.ROOT);
      if (parent.equals(InodeId.ROOT)) {
        return Optional.of(each);
      }
      each = parent;
    }
    return Optional.empty();
  }

  private static byte[] key(Transaction tx, InodeId bucket, InodeId directory, FileName name) {
    Deque<byte[]> parts = new ArrayDeque<>();
    parts.push(name.toBytes());
    InodeId each = directory;
    while (!each.equals(bucket)) {
      Entry entry = tx.entries().namesOf(each, 1).getFirst();
      parts.push(entry.name().toBytes());
      each = entry.parent();
    }
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      if (key.size() > 0) {
        key.write('/');
      }
      key.writeBytes(part);
    }
    return key.toByteArray();
  }

  // --- what happens to names

  /** A regular file got a name. */
  void named(Transaction tx, InodeId directory, FileName name, InodeId file) {
    place(tx, directory, name)
        .ifPresent(place -> {
          Objects.Row row = row(tx, file);
          if (place.isEnabled() && row.version() == 0) {
            tx.putObject(file, row.withVersion(tx.newVersion(), place.lockFrom(tx.now())));
          } else if (!place.isEnabled() && row.version() == 0) {
            dropNull(tx, place);
          }
        });
  }

  /**
   * A regular file is about to lose a name.
   *
   * @return whether the file itself became a version: it must not be discarded
   */
  boolean unnamed(Transaction tx, Entry entry, Departure how) {
    Optional<Place> found = place(tx, entry.parent(), entry.name());
    if (found.isEmpty()) {
      return false;
    }
    Place place = found.get();
    Inode inode = tx.require(entry.inode());
    Objects.Row row = row(tx, entry.inode());
    boolean known = tx.versions().latest(place.bucket(), place.key()).isPresent();
    boolean keeps = keeps(tx, place, inode, row);
    boolean taken = false;
    if (keeps) {
      taken =
          how != Departure.RENAMED
              && inode.attributes().linkCount() == 1
              && holds.detach(tx, inode.id());
      archive(tx, place, row.version(), taken ? inode.id() : copy(tx, inode, row));
    }
    if (how != Departure.REPLACED && (keeps || known)) {
      mark(tx, place, inode.attributes().uid());
    }
    if (how == Departure.RENAMED && row.version() != 0) {
      tx.putObject(inode.id(), row.withVersion(0, ObjectLock.NONE));
    }
    return taken;
  }

  /** A delete marker becomes the key's latest version; returns its id. */
  public long mark(Transaction tx, Place place, int uid) {
    if (!place.isEnabled()) {
      dropNull(tx, place);
    }
    long number = tx.newVersion();
    long version = place.isEnabled() ? number : 0;
    tx.versions()
        .insert(
            new Versions.Row(
                place.bucket(),
                place.key(),
                -number,
                version,
                Optional.empty(),
                uid,
                tx.now(),
                tx.now()));
    return version;
  }

  /**
   * A file's content is about to change.
   *
   * @param before as it is
   * @param begun whether the change goes on with a version that was begun since it was opened
   * @return whether a version is begun
   */
  boolean overwritten(Transaction tx, Inode before, boolean begun) {
    if (!used || before.type() != FileType.REGULAR) {
      return false;
    }
    Objects.Row row = row(tx, before.id());
    if (begun && !row.lock().holds(tx.now(), false)) {
      return true;
    }
    Optional<Place> current = Optional.empty();
    for (Entry name : tx.entries().namesOf(before.id(), MAX_NAMES)) {
      Optional<Place> place = place(tx, name.parent(), name.name());
      if (place.isPresent()) {
        current = place;
        if (keeps(tx, place.get(), before, row)) {
          archive(tx, place.get(), row.version(), copy(tx, before, row));
        } else if (place.get().isEnabled() && row.version() != 0) {
          // What it has is nothing that anybody wrote: its version goes on.
          return true;
        }
      }
    }
    current.ifPresent(place -> {
      boolean enabled = place.isEnabled();
      if (!enabled) {
        dropNull(tx, place);
      }
      long version = enabled ? tx.newVersion() : 0;
      ObjectLock lock = enabled ? place.lockFrom(tx.now()) : ObjectLock.NONE;
      tx.putObject(before.id(), row.withVersion(version, lock));
    });
    return current.isPresent();
  }

  /** Destroys a version that is not current, or a marker. */
  public void destroy(Transaction tx, Versions.Row row) {
    tx.versions().delete(row);
    row.inode().ifPresent(inode -> holds.lastNameGone(tx, inode));
  }

  /** A bucket's directory goes. {@link ErrorCode#NOT_EMPTY} while it has versions. */
  void bucketRemoved(Transaction tx, InodeId bucket) {
    if (used && !tx.versions().isEmpty(bucket)) {
      throw new EngineException(ErrorCode.NOT_EMPTY, "the bucket has versions");
    }
    tx.bucketSettings().removeAll(bucket);
  }

  /**
   * A directory is about to get another name; its files keep their versions.
   *
   * @throws EngineException {@link ErrorCode#NOT_PERMITTED} in a bucket with locks, whose versions
   *     must be found under their keys, and for a bucket with versions that would be none any more
   */
  void directoryRenamed(Transaction tx, Inode directory, InodeId to) {
    if (!used) {
      return;
    }
    InodeId bucket = bucketOf(tx, directory.id()).orElse(InodeId.ROOT);
    Map<BucketSetting, byte[]> settings = tx.bucketSettings().of(bucket);
    boolean isBucket = bucket.equals(directory.id());
    boolean locked = !isBucket && settings.containsKey(BucketSetting.OBJECT_LOCK);
    boolean buried =
        isBucket && !to.equals(InodeId.ROOT) && BucketRules.versioning(settings) != Versioning.OFF;
    if (locked || buried) {
      throw new EngineException(
          ErrorCode.NOT_PERMITTED, "the bucket's versions keep the directory where it is");
    }
  }

  // --- how

  private static Objects.Row row(Transaction tx, InodeId file) {
    return tx.object(file).orElse(new Objects.Row(0, "", EMPTY_PROPERTIES));
  }

  /** StoredProperties without anything: version 1, no flags, four empty maps. */
  private static final byte[] EMPTY_PROPERTIES = {1, 0, 0, 0, 0, 0};

  /** An empty file that nobody put is no version, nor is a null version when it is suspended. */
  private static boolean keeps(Transaction tx, Place place, Inode inode, Objects.Row row) {
    if (row.lock().holds(tx.now(), false)) {
      return true;
    }
    FileAttributes attributes = inode.attributes();
    boolean put = !row.etag().isEmpty() && row.dataVersion() == attributes.dataVersion();
    boolean content = put || attributes.size() > 0;
    return content && (place.isEnabled() || row.version() != 0);
  }

  private static void archive(Transaction tx, Place place, long version, InodeId inode) {
    tx.versions()
        .insert(
            new Versions.Row(
                place.bucket(),
                place.key(),
                -tx.newVersion(),
                version,
                Optional.of(inode),
                0,
                0,
                tx.now()));
  }

  /** A nameless inode that shares a file's extents and has its properties. */
  private static InodeId copy(Transaction tx, Inode inode, Objects.Row row) {
    FileAttributes from = inode.attributes();
    InodeId id = tx.newInodeId();
    tx.create(
        new InodeEdit(id, FileType.REGULAR, tx.now())
            .contentVersion(from.dataVersion())
            .contentTime(from.modifyNanos())
            .size(from.size())
            .owner(from.uid())
            .group(from.gid())
            .mode(from.mode())
            .done());
    tx.copyExtents(from.inode(), 0, from.size(), id, 0);
    tx.putObject(id, row);
    return id;
  }

  private void dropNull(Transaction tx, Place place) {
    tx.versions().find(place.bucket(), place.key(), 0).ifPresent(row -> destroy(tx, row));
  }
}
