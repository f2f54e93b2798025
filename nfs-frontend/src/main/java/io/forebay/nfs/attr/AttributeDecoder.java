package io.forebay.nfs.attr;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.TimeChange;
import io.forebay.nfs.attr.AttributeException.Problem;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;

/** Reads the attributes that SETATTR, CREATE and OPEN set. */
public final class AttributeDecoder {
  private static final int MAX_OWNER_BYTES = 1024;
  private static final int MODE_BITS = 07777;
  private static final int SET_TO_SERVER_TIME = 0;
  private static final int SET_TO_CLIENT_TIME = 1;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private AttributeDecoder() {}

  /** Throws {@link AttributeException}. */
  public static AttributeChanges decode(RawAttributes raw) {
    AttributeBitmap mask = raw.mask();
    if (!mask.isWithin(AttributeBitmap.SUPPORTED)) {
      throw new AttributeException(Problem.NOT_SUPPORTED);
    }
    if (!mask.isWithin(AttributeBitmap.SETTABLE)) {
      throw new AttributeException(Problem.INVALID);
    }
    XdrReader reader = new XdrReader(raw.values().asBuffer());
    try {
      AttributeChanges changes = AttributeChanges.NONE;
      for (Attribute attribute : Attribute.values()) {
        if (mask.contains(attribute)) {
          changes = apply(attribute, reader, changes);
        }
      }
      if (reader.remaining() > 0) {
        throw new AttributeException(Problem.MALFORMED);
      }
      return changes;
    } catch (XdrException malformed) {
      throw new AttributeException(Problem.MALFORMED);
    }
  }

  private static AttributeChanges apply(
      Attribute attribute, XdrReader reader, AttributeChanges changes) {
    return switch (attribute) {
      case SIZE -> changes.withSize(size(reader));
      case MODE -> changes.withMode(mode(reader));
      case OWNER -> changes.withOwner(owner(reader));
      case OWNER_GROUP -> changes.withGroup(owner(reader));
      case TIME_ACCESS_SET -> changes.withAccess(time(reader));
      case TIME_MODIFY_SET -> changes.withModify(time(reader));
      case SUPPORTED_ATTRS,
          TYPE,
          FH_EXPIRE_TYPE,
          CHANGE,
          LINK_SUPPORT,
          SYMLINK_SUPPORT,
          NAMED_ATTR,
          FSID,
          UNIQUE_HANDLES,
          LEASE_TIME,
          RDATTR_ERROR,
          ACLSUPPORT,
          CANSETTIME,
          CASE_INSENSITIVE,
          CASE_PRESERVING,
          CHOWN_RESTRICTED,
          FILEHANDLE,
          FILEID,
          FILES_AVAIL,
          FILES_FREE,
          FILES_TOTAL,
          HOMOGENEOUS,
          MAXFILESIZE,
          MAXLINK,
          MAXNAME,
          MAXREAD,
          MAXWRITE,
          NO_TRUNC,
          NUMLINKS,
          RAWDEV,
          SPACE_AVAIL,
          SPACE_FREE,
          SPACE_TOTAL,
          SPACE_USED,
          TIME_ACCESS,
          TIME_CREATE,
          TIME_DELTA,
          TIME_METADATA,
          TIME_MODIFY,
          MOUNTED_ON_FILEID,
          FS_LAYOUT_TYPES,
          SUPPATTR_EXCLCREAT,
          CLONE_BLKSIZE,
          CHANGE_ATTR_TYPE,
          XATTR_SUPPORT ->
          throw new AttributeException(Problem.INVALID);
    };
  }

  private static long size(XdrReader reader) {
    long size = reader.readLong();
    // Above 2^63: the engine refuses what is merely too long.
    return size < 0 ? Long.MAX_VALUE : size;
  }

  private static int mode(XdrReader reader) {
    int mode = reader.readInt();
    if ((mode & ~MODE_BITS) != 0) {
      throw new AttributeException(Problem.INVALID);
    }
    return mode;
  }

  private static int owner(XdrReader reader) {
    Opaque name = reader.readOpaque(MAX_OWNER_BYTES);
    return OwnerNames.decode(name);
  }

  private static TimeChange time(XdrReader reader) {
    int how = reader.readInt();
    return switch (how) {
      case SET_TO_SERVER_TIME -> TimeChange.NOW;
      case SET_TO_CLIENT_TIME -> clientTime(reader);
      default -> throw new AttributeException(Problem.MALFORMED);
    };
  }

  private static TimeChange clientTime(XdrReader reader) {
    long seconds = reader.readLong();
    long nanos = reader.readUnsignedInt();
    if (nanos >= NANOS_PER_SECOND) {
      throw new AttributeException(Problem.INVALID);
    }
    try {
      return new TimeChange.To(Math.addExact(Math.multiplyExact(seconds, NANOS_PER_SECOND), nanos));
    } catch (ArithmeticException beyondYear2262) {
      throw new AttributeException(Problem.INVALID);
    }
  }
}
