package io.forebay.engine.metadata;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Changes an inode value by value; {@link #done} gives the new one. One thread. */
public final class InodeEdit {
  private final InodeId id;
  private final int generation;
  private final FileType type;
  private int mode;
  private int linkCount;
  private int uid;
  private int gid;
  private long size;
  private long spaceUsed;
  private long change;
  private long dataVersion;
  private long accessNanos;
  private long modifyNanos;
  private long changeNanos;
  private long birthNanos;
  private int deviceMajor;
  private int deviceMinor;
  private @Nullable InodeId parent;
  private boolean implicit;
  private OptionalLong verifier = OptionalLong.empty();
  private byte @Nullable [] target;

  /** A new inode: no link yet, all times and counters {@code now}. */
  public InodeEdit(InodeId id, FileType type, long now) {
    this.id = id;
    this.generation = 1;
    this.type = type;
    this.change = now;
    this.dataVersion = now;
    this.accessNanos = now;
    this.modifyNanos = now;
    this.changeNanos = now;
    this.birthNanos = now;
  }

  InodeEdit(Inode inode) {
    FileAttributes from = inode.attributes();
    this.id = from.inode();
    this.generation = from.generation();
    this.type = from.type();
    this.mode = from.mode();
    this.linkCount = from.linkCount();
    this.uid = from.uid();
    this.gid = from.gid();
    this.size = from.size();
    this.spaceUsed = from.spaceUsed();
    this.change = from.change();
    this.dataVersion = from.dataVersion();
    this.accessNanos = from.accessNanos();
    this.modifyNanos = from.modifyNanos();
    this.changeNanos = from.changeNanos();
    this.birthNanos = from.birthNanos();
    this.deviceMajor = from.deviceMajor();
    this.deviceMinor = from.deviceMinor();
    this.parent = inode.parent().orElse(null);
    this.implicit = inode.implicit();
    this.verifier = inode.verifier();
    this.target = inode.target().orElse(null);
  }

  /** The inode changed: moves change (strictly up) and ctime. */
  public InodeEdit touch(long now) {
    change = Math.max(change + 1, now);
    changeNanos = now;
    return this;
  }

  /** The content changed: moves mtime and the data version too. */
  public InodeEdit touchContent(long now) {
    touch(now);
    modifyNanos = now;
    dataVersion = change;
    return this;
  }

  /**
   * The content became what readers were shown with {@code changedTo}, a change counter above all
   * this inode's content had before.
   */
  public InodeEdit contentVersion(long changedTo) {
    change = Math.max(change, changedTo);
    dataVersion = changedTo;
    return this;
  }

  /** Readers were shown {@code changedTo}: this inode's change does not fall below it. */
  public InodeEdit shown(long changedTo) {
    change = Math.max(change, changedTo);
    return this;
  }

  /** When the content that becomes durable now was written. */
  public InodeEdit contentTime(long writtenNanos) {
    modifyNanos = writtenNanos;
    changeNanos = Math.max(changeNanos, writtenNanos);
    return this;
  }

  public InodeEdit mode(int value) {
    mode = value;
    return this;
  }

  public InodeEdit owner(int value) {
    uid = value;
    return this;
  }

  public InodeEdit group(int value) {
    gid = value;
    return this;
  }

  public InodeEdit addLinks(int delta) {
    linkCount += delta;
    return this;
  }

  public InodeEdit size(long value) {
    size = value;
    return this;
  }

  public InodeEdit addSpace(long delta) {
    spaceUsed += delta;
    return this;
  }

  public InodeEdit access(long value) {
    accessNanos = value;
    return this;
  }

  public InodeEdit modify(long value) {
    modifyNanos = value;
    return this;
  }

  public InodeEdit device(int major, int minor) {
    deviceMajor = major;
    deviceMinor = minor;
    return this;
  }

  public InodeEdit parent(InodeId value) {
    parent = value;
    return this;
  }

  public InodeEdit implicit(boolean value) {
    implicit = value;
    return this;
  }

  public InodeEdit verifier(long value) {
    verifier = OptionalLong.of(value);
    return this;
  }

  public InodeEdit target(byte[] value) {
    target = value.clone();
    size = value.length;
    return this;
  }

  public Inode done() {
    return new Inode(
        new FileAttributes(
            id,
            generation,
            type,
            mode,
            linkCount,
            uid,
            gid,
            size,
            spaceUsed,
            change,
            dataVersion,
            accessNanos,
            modifyNanos,
            changeNanos,
            birthNanos,
            deviceMajor,
            deviceMinor),
        Optional.ofNullable(parent),
        implicit,
        verifier,
        Optional.ofNullable(target));
  }
}
