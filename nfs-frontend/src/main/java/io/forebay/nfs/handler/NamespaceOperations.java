package io.forebay.nfs.handler;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.Creation;
import io.forebay.engine.DirectoryChange;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.FileType;
import io.forebay.engine.Removal;
import io.forebay.engine.RemoveKind;
import io.forebay.engine.Renaming;
import io.forebay.engine.SpecialFile;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeDecoder;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.xdr.Opaque;

/** CREATE, LINK, REMOVE, RENAME. */
final class NamespaceOperations {
  private static final int NF4DIR = 2;
  private static final int NF4BLK = 3;
  private static final int NF4CHR = 4;
  private static final int NF4LNK = 5;
  private static final int NF4SOCK = 6;
  private static final int NF4FIFO = 7;

  private final StateGate states;

  NamespaceOperations(StateGate states) {
    this.states = states;
  }

  /** Section 18.4: everything but regular files, which OPEN creates. */
  NfsResult create(CompoundContext context, NfsOp.Create op) {
    Location current = context.current();
    if (op.type() < NF4DIR || op.type() > NF4FIFO) {
      throw new NfsException(NfsStatus.BADTYPE);
    }
    FileName name = NameRules.require(op.name());
    AttributeChanges initial = AttributeDecoder.decode(op.attributes());
    if (op.attributes().mask().contains(Attribute.SIZE)) {
      throw new NfsException(NfsStatus.INVAL);
    }
    Inside directory = CompoundContext.writable(current);
    FileSystem files = CompoundContext.fileSystem(directory);
    Caller caller = context.caller(directory);
    Creation creation =
        switch (op.type()) {
          case NF4DIR -> files.createDirectory(caller, directory.inode(), name, initial);
          case NF4LNK ->
              files.createSymlink(caller, directory.inode(), name, target(op.target()), initial);
          default -> files.createSpecial(caller, directory.inode(), name, special(op), initial);
        };
    context.become(directory.beside(creation.attributes()));
    return new NfsResult.Create(creation.directory(), op.attributes().mask());
  }

  private static byte[] target(Opaque target) {
    byte[] bytes = target.toBytes();
    if (bytes.length == 0) {
      throw new NfsException(NfsStatus.INVAL);
    }
    if (bytes.length > FileSystem.MAX_LINK_TARGET) {
      throw new NfsException(NfsStatus.NAMETOOLONG);
    }
    for (byte b : bytes) {
      if (b == 0) {
        throw new NfsException(NfsStatus.BADCHAR);
      }
    }
    return bytes;
  }

  private static SpecialFile special(NfsOp.Create op) {
    return switch (op.type()) {
      case NF4BLK -> new SpecialFile(FileType.BLOCK_DEVICE, op.major(), op.minor());
      case NF4CHR -> new SpecialFile(FileType.CHARACTER_DEVICE, op.major(), op.minor());
      case NF4SOCK -> new SpecialFile(FileType.SOCKET, 0, 0);
      default -> new SpecialFile(FileType.FIFO, 0, 0);
    };
  }

  /** Section 18.9: the saved file gets a name in the current directory. */
  NfsResult link(CompoundContext context, NfsOp.Link op) {
    Location source = context.saved();
    Location target = context.current();
    FileName name = NameRules.require(op.name());
    Inside directory = CompoundContext.writable(target);
    Inside file = sameFileSystem(source, directory);
    DirectoryChange change =
        CompoundContext.fileSystem(directory)
            .link(context.caller(directory), file.inode(), directory.inode(), name);
    return new NfsResult.Changed(OpCode.LINK, change);
  }

  /** Section 18.25. In grace an unlinked file might be one that somebody is about to reclaim. */
  NfsResult remove(CompoundContext context, NfsOp.Remove op) {
    Location current = context.current();
    FileName name = NameRules.require(op.name());
    Inside directory = CompoundContext.writable(current);
    requireRemovable(context, directory, name);
    states.requireNoGrace();
    Removal removal =
        CompoundContext.fileSystem(directory)
            .remove(context.caller(directory), directory.inode(), name, RemoveKind.ANY);
    return new NfsResult.Changed(OpCode.REMOVE, removal.directory());
  }

  /** Section 18.26: from the saved to the current directory. */
  NfsResult rename(CompoundContext context, NfsOp.Rename op) {
    Location source = context.saved();
    Location target = context.current();
    FileName from = NameRules.require(op.from());
    FileName to = NameRules.require(op.to());
    Inside toDirectory = CompoundContext.writable(target);
    Inside fromDirectory = sameFileSystem(source, toDirectory);
    requireDirectory(fromDirectory);
    requireDirectory(toDirectory);
    requireRemovable(context, fromDirectory, from);
    requireRemovable(context, toDirectory, to);
    states.requireNoGrace();
    Renaming renaming =
        CompoundContext.fileSystem(toDirectory)
            .rename(
                context.caller(toDirectory), fromDirectory.inode(), from, toDirectory.inode(), to);
    return new NfsResult.Rename(renaming.source(), renaming.target());
  }

  /** As a mount point is busy on a local file system. */
  private static void requireRemovable(CompoundContext context, Inside directory, FileName name) {
    if (context.view().leadsToExport(directory, name)) {
      throw new NfsException(NfsStatus.FILE_OPEN);
    }
  }

  private static void requireDirectory(Inside location) {
    if (!CompoundContext.attributes(location).isDirectory()) {
      throw new NfsException(NfsStatus.NOTDIR);
    }
  }

  /** Exports are file systems of their own: nothing moves or links between them. */
  private static Inside sameFileSystem(Location source, Inside target) {
    if (source instanceof Inside inside && inside.access().export() == target.access().export()) {
      return inside;
    }
    throw new NfsException(NfsStatus.XDEV);
  }
}
