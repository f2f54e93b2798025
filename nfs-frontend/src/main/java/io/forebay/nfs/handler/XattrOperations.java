package io.forebay.nfs.handler;

import io.forebay.engine.DirectoryChange;
import io.forebay.engine.ExtendedAttribute;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.handler.Location.Pseudo;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.xdr.Opaque;
import java.util.ArrayList;
import java.util.List;

/** GETXATTR, SETXATTR, LISTXATTRS, REMOVEXATTR (RFC 8276 section 8.4). */
final class XattrOperations {
  /** Cookie, number of names, end. */
  private static final int LIST_BYTES = 16;

  private static final int PAGE = 256;

  NfsResult get(CompoundContext context, NfsOp.GetXattr op) {
    String name = ExtendedAttribute.name(op.name().toBytes());
    return switch (context.current()) {
      case Pseudo pseudo -> throw new NfsException(NfsStatus.NOXATTR);
      case Inside inside ->
          new NfsResult.GetXattr(
              Opaque.of(
                  CompoundContext.fileSystem(inside)
                      .extendedAttribute(context.caller(inside), inside.inode(), name)));
    };
  }

  NfsResult set(CompoundContext context, NfsOp.SetXattr op) {
    Inside inside = context.writable();
    String name = ExtendedAttribute.name(op.name().toBytes());
    DirectoryChange change =
        CompoundContext.fileSystem(inside)
            .setExtendedAttribute(
                context.caller(inside), inside.inode(), name, op.value().toBytes(), op.presence());
    return new NfsResult.Changed(OpCode.SETXATTR, change);
  }

  NfsResult remove(CompoundContext context, NfsOp.RemoveXattr op) {
    Inside inside = context.writable();
    String name = ExtendedAttribute.name(op.name().toBytes());
    return new NfsResult.Changed(
        OpCode.REMOVEXATTR,
        CompoundContext.fileSystem(inside)
            .removeExtendedAttribute(context.caller(inside), inside.inode(), name));
  }

  /** Section 8.4.3: names that fit the count, and a cookie to go on from. */
  NfsResult list(CompoundContext context, NfsOp.ListXattrs op) {
    if (op.cookie() < 0) {
      throw new NfsException(NfsStatus.BAD_COOKIE);
    }
    if (op.maxCount() < LIST_BYTES) {
      throw new NfsException(NfsStatus.TOOSMALL);
    }
    return switch (context.current()) {
      case Pseudo pseudo -> new NfsResult.ListXattrs(0, List.of(), true);
      case Inside inside -> list(context, inside, op);
    };
  }

  private static NfsResult list(CompoundContext context, Inside inside, NfsOp.ListXattrs op) {
    List<ExtendedAttribute.Listed> found =
        CompoundContext.fileSystem(inside)
            .extendedAttributes(context.caller(inside), inside.inode(), op.cookie(), PAGE + 1);
    List<Opaque> names = new ArrayList<>();
    long cookie = op.cookie();
    // Number and status of the operation come first.
    int room = Math.min(op.maxCount(), context.room() - 2 * Integer.BYTES) - LIST_BYTES;
    for (ExtendedAttribute.Listed each : found) {
      Opaque name = Opaque.of(each.name());
      int bytes = Integer.BYTES + ((name.length() + 3) & ~3);
      if (bytes > room || names.size() == PAGE) {
        break;
      }
      room -= bytes;
      names.add(name);
      cookie = each.cookie();
    }
    if (names.isEmpty() && !found.isEmpty()) {
      throw new NfsException(NfsStatus.TOOSMALL);
    }
    return new NfsResult.ListXattrs(cookie, names, names.size() == found.size());
  }
}
