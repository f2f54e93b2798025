package io.forebay.nfs.handler;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.Permission;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.AttributeDecoder;
import io.forebay.nfs.attr.AttributeEncoder;
import io.forebay.nfs.attr.AttributeSource;
import io.forebay.nfs.attr.RawAttributes;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.handler.Location.Pseudo;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.state.FileUse;
import io.forebay.nfs.xdr.XdrWriter;
import java.nio.ByteBuffer;
import java.util.Set;

/** ACCESS, GETATTR, SETATTR, VERIFY and NVERIFY. */
final class AttributeOperations {
  private static final int ACCESS_READ = 0x01;
  private static final int ACCESS_LOOKUP = 0x02;
  private static final int ACCESS_MODIFY = 0x04;
  private static final int ACCESS_EXTEND = 0x08;
  private static final int ACCESS_DELETE = 0x10;
  private static final int ACCESS_EXECUTE = 0x20;
  private static final int ACCESS_XATTR_READ = 0x40;
  private static final int ACCESS_XATTR_WRITE = 0x80;
  private static final int ACCESS_XATTR_LIST = 0x100;
  private static final int ACCESS_XATTRS =
      ACCESS_XATTR_READ | ACCESS_XATTR_WRITE | ACCESS_XATTR_LIST;
  private static final int ACCESS_CHANGES =
      ACCESS_MODIFY | ACCESS_EXTEND | ACCESS_DELETE | ACCESS_XATTR_WRITE;
  private static final int ACCESS_OF_DIRECTORIES =
      ACCESS_READ | ACCESS_LOOKUP | ACCESS_MODIFY | ACCESS_EXTEND | ACCESS_DELETE | ACCESS_XATTRS;
  private static final int ACCESS_OF_OTHERS =
      ACCESS_READ | ACCESS_MODIFY | ACCESS_EXTEND | ACCESS_EXECUTE | ACCESS_XATTRS;
  private static final int ACCESS_ALL = ACCESS_OF_DIRECTORIES | ACCESS_OF_OTHERS;
  private static final int MAX_VERIFIED_BYTES = 64 << 10;

  private final AttributeSources sources;
  private final StateGate states;

  AttributeOperations(AttributeSources sources, StateGate states) {
    this.sources = sources;
    this.states = states;
  }

  /** Section 18.1: rights that the type does not have are not supported. */
  NfsResult access(CompoundContext context, NfsOp.Access op) {
    if ((op.wanted() & ~ACCESS_ALL) != 0) {
      throw new NfsException(NfsStatus.INVAL);
    }
    return switch (context.current()) {
      case Pseudo pseudo ->
          new NfsResult.Access(
              op.wanted() & ACCESS_OF_DIRECTORIES,
              op.wanted() & (ACCESS_READ | ACCESS_LOOKUP | ACCESS_XATTR_READ | ACCESS_XATTR_LIST));
      case Inside inside -> {
        boolean directory = CompoundContext.attributes(inside).isDirectory();
        int supported = op.wanted() & (directory ? ACCESS_OF_DIRECTORIES : ACCESS_OF_OTHERS);
        yield new NfsResult.Access(supported, supported & granted(context, inside, directory));
      }
    };
  }

  private static int granted(CompoundContext context, Inside inside, boolean directory) {
    Set<Permission> held =
        CompoundContext.fileSystem(inside).permissions(context.caller(inside), inside.inode());
    int granted = 0;
    for (Permission permission : held) {
      granted |=
          switch (permission) {
            case READ -> ACCESS_READ | ACCESS_XATTR_READ | ACCESS_XATTR_LIST;
            case WRITE -> ACCESS_CHANGES;
            case EXECUTE -> ACCESS_LOOKUP | ACCESS_EXECUTE;
          };
    }
    // Entries change only where they can be searched for.
    boolean changeable = !directory || held.contains(Permission.EXECUTE);
    return changeable && !inside.access().isReadOnly() ? granted : granted & ~ACCESS_CHANGES;
  }

  /** Section 18.7: attributes that this server does not have are left out, silently. */
  NfsResult getAttr(CompoundContext context, NfsOp.GetAttr op) {
    requireReadable(op.wanted());
    return new NfsResult.GetAttr(
        op.wanted(), sources.of(context.view(), context.current(), op.wanted()));
  }

  /** What can only be set cannot be asked for. */
  static void requireReadable(AttributeBitmap wanted) {
    if (wanted.contains(Attribute.TIME_ACCESS_SET) || wanted.contains(Attribute.TIME_MODIFY_SET)) {
      throw new NfsException(NfsStatus.INVAL);
    }
  }

  /** Sections 18.15 and 18.31. */
  NfsResult verify(CompoundContext context, NfsOp.Verify op) {
    RawAttributes theirs = op.attributes();
    Location current = context.current();
    if (!theirs.mask().isWithin(AttributeBitmap.SUPPORTED)) {
      throw new NfsException(NfsStatus.ATTRNOTSUPP);
    }
    requireReadable(theirs.mask());
    if (theirs.mask().contains(Attribute.RDATTR_ERROR)) {
      throw new NfsException(NfsStatus.INVAL);
    }
    AttributeSource source = sources.of(context.view(), current, theirs.mask());
    boolean same = theirs.values().asBuffer().equals(values(theirs.mask(), source));
    if (same != op.same()) {
      throw new NfsException(same ? NfsStatus.SAME : NfsStatus.NOT_SAME);
    }
    return new NfsResult.Done(op.code());
  }

  private static ByteBuffer values(AttributeBitmap mask, AttributeSource source) {
    XdrWriter writer = new XdrWriter(MAX_VERIFIED_BYTES);
    mask.encode(writer);
    int maskBytes = writer.size();
    AttributeEncoder.encode(mask, source, writer);
    int values = 2 * maskBytes + Integer.BYTES;
    return writer.written().slice(values, writer.size() - values);
  }

  /** Section 18.30: a size needs a stateid as WRITE does. */
  NfsResult setAttr(CompoundContext context, NfsOp.SetAttr op) {
    AttributeChanges changes = AttributeDecoder.decode(op.attributes());
    Inside inside = context.writable();
    Caller caller = context.caller(inside);
    if (changes.size().isEmpty()) {
      FileAttributes unused =
          CompoundContext.fileSystem(inside).setAttributes(caller, inside.inode(), changes);
      return done(op);
    }
    if (!CompoundContext.attributes(inside).isRegular()) {
      throw new NfsException(NfsStatus.WRONG_TYPE);
    }
    StateId stateId = context.resolve(op.stateId());
    if (stateId.isSpecial()) {
      states.checkSpecial(stateId, inside, true);
      FileAttributes unused =
          CompoundContext.fileSystem(inside).setAttributes(caller, inside.inode(), changes);
    } else {
      try (FileUse use = states.table().use(context.clientId(), stateId, inside.inode(), true)) {
        FileAttributes unused =
            CompoundContext.fileSystem(inside).setAttributesOfOpenFile(caller, use.file(), changes);
      }
    }
    return done(op);
  }

  private static NfsResult done(NfsOp.SetAttr op) {
    return new NfsResult.SetAttr(NfsStatus.OK, op.attributes().mask());
  }
}
