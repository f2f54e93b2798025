package io.forebay.nfs.attr;

import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.FileType;
import io.forebay.engine.VolumeStatistics;
import io.forebay.nfs.attr.AttributeSource.FileSystemFacts;
import io.forebay.nfs.xdr.XdrWriter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes {@code fattr4}: the wanted attributes that this server has. */
public final class AttributeEncoder {
  /** What is known of an entry that cannot be looked at (section 18.23.3). */
  private static final AttributeBitmap WITH_ERROR =
      AttributeBitmap.of(Attribute.RDATTR_ERROR, Attribute.MOUNTED_ON_FILEID);

  /** {@code NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR}. */
  private static final int MONOTONIC_CHANGE = 0;

  private static final Attribute[] IN_ORDER = Attribute.values();
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AttributeSource source;
  private final XdrWriter writer;
  private @Nullable VolumeStatistics statistics;

  private AttributeEncoder(AttributeSource source, XdrWriter writer) {
    this.source = source;
    this.writer = writer;
  }

  /** Writes the mask of what is both wanted and readable, then the values. */
  public static void encode(AttributeBitmap wanted, AttributeSource source, XdrWriter writer) {
    AttributeBitmap mask =
        wanted.and(source.readError() == 0 ? AttributeBitmap.READABLE : WITH_ERROR);
    mask.encode(writer);
    int lengthAt = writer.position();
    writer.writeInt(0);
    int start = writer.position();
    AttributeEncoder encoder = new AttributeEncoder(source, writer);
    for (Attribute attribute : IN_ORDER) {
      if (mask.contains(attribute)) {
        encoder.value(attribute);
      }
    }
    writer.patchInt(lengthAt, writer.position() - start);
  }

  private void value(Attribute attribute) {
    switch (attribute) {
      case SUPPORTED_ATTRS -> AttributeBitmap.SUPPORTED.encode(writer);
      case TYPE -> writer.writeInt(typeNumber(source.file().type()));
      // FH4_PERSISTENT: a handle lives as long as its inode.
      case FH_EXPIRE_TYPE -> writer.writeInt(0);
      case CHANGE -> writer.writeLong(source.file().change());
      case SIZE -> writer.writeLong(source.file().size());
      case LINK_SUPPORT, SYMLINK_SUPPORT, UNIQUE_HANDLES -> writer.writeBool(true);
      case NAMED_ATTR -> writer.writeBool(false);
      case FSID -> {
        writer.writeLong(facts().fsidMajor());
        writer.writeLong(facts().fsidMinor());
      }
      case LEASE_TIME -> writer.writeInt(facts().leaseSeconds());
      case RDATTR_ERROR -> writer.writeInt(source.readError());
      case ACLSUPPORT -> writer.writeInt(0);
      case CANSETTIME, CASE_PRESERVING, CHOWN_RESTRICTED, HOMOGENEOUS, NO_TRUNC ->
          writer.writeBool(true);
      case CASE_INSENSITIVE -> writer.writeBool(false);
      case FILEHANDLE -> writer.writeOpaque(source.handle());
      case FILEID -> writer.writeLong(source.file().inode().value());
      case FILES_AVAIL, FILES_FREE ->
          writer.writeLong(statistics().totalInodes() - statistics().usedInodes());
      case FILES_TOTAL -> writer.writeLong(statistics().totalInodes());
      case MAXFILESIZE -> writer.writeLong(FileSystem.MAX_FILE_SIZE);
      case MAXLINK -> writer.writeInt(FileSystem.MAX_LINKS);
      case MAXNAME -> writer.writeInt(FileName.MAX_BYTES);
      case MAXREAD, MAXWRITE -> writer.writeLong(facts().maxTransferBytes());
      case MODE -> writer.writeInt(source.file().mode());
      case NUMLINKS -> writer.writeInt(source.file().linkCount());
      case OWNER -> writer.writeOpaque(OwnerNames.encode(source.file().uid()));
      case OWNER_GROUP -> writer.writeOpaque(OwnerNames.encode(source.file().gid()));
      case RAWDEV -> {
        writer.writeInt(source.file().deviceMajor());
        writer.writeInt(source.file().deviceMinor());
      }
      case SPACE_AVAIL, SPACE_FREE -> writer.writeLong(statistics().freeBytes());
      case SPACE_TOTAL -> writer.writeLong(statistics().totalBytes());
      case SPACE_USED -> writer.writeLong(source.file().spaceUsed());
      case TIME_ACCESS -> time(source.file().accessNanos());
      case TIME_CREATE -> time(source.file().birthNanos());
      case TIME_DELTA -> time(1);
      case TIME_METADATA -> time(source.file().changeNanos());
      case TIME_MODIFY -> time(source.file().modifyNanos());
      case MOUNTED_ON_FILEID -> writer.writeLong(source.mountedOnFileId());
      // No layouts: no pNFS.
      case FS_LAYOUT_TYPES -> writer.writeInt(0);
      case SUPPATTR_EXCLCREAT -> AttributeBitmap.EXCLUSIVE_CREATE.encode(writer);
      // Extents begin anywhere.
      case CLONE_BLKSIZE -> writer.writeInt(1);
      case CHANGE_ATTR_TYPE -> writer.writeInt(MONOTONIC_CHANGE);
      case XATTR_SUPPORT -> writer.writeBool(true);
      // Not readable, so masked out before.
      case TIME_ACCESS_SET, TIME_MODIFY_SET -> {}
    }
  }

  private FileSystemFacts facts() {
    return source.fileSystem();
  }

  private VolumeStatistics statistics() {
    VolumeStatistics known = statistics;
    if (known == null) {
      known = facts().statistics().get();
      statistics = known;
    }
    return known;
  }

  private void time(long epochNanos) {
    writer.writeLong(Math.floorDiv(epochNanos, NANOS_PER_SECOND));
    writer.writeInt((int) Math.floorMod(epochNanos, NANOS_PER_SECOND));
  }

  /** {@code nfs_ftype4}. */
  private static int typeNumber(FileType type) {
    return switch (type) {
      case REGULAR -> 1;
      case DIRECTORY -> 2;
      case BLOCK_DEVICE -> 3;
      case CHARACTER_DEVICE -> 4;
      case SYMLINK -> 5;
      case SOCKET -> 6;
      case FIFO -> 7;
    };
  }
}
