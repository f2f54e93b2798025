package io.forebay.nfs.handler;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.handler.Location.Pseudo;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.xdr.Opaque;
import java.util.List;
import java.util.Optional;

/**
 * File handles and names: PUTFH, PUTROOTFH, PUTPUBFH, GETFH, SAVEFH, RESTOREFH, LOOKUP, LOOKUPP,
 * SECINFO, SECINFO_NO_NAME, READLINK.
 */
final class HandleOperations {
  private static final int AUTH_NONE = 0;
  private static final int AUTH_SYS = 1;
  private static final List<Integer> FLAVORS = List.of(AUTH_SYS, AUTH_NONE);

  private final FileHandleCodec handles;

  HandleOperations(FileHandleCodec handles) {
    this.handles = handles;
  }

  /** Section 18.19; STALE where the inode is gone. */
  NfsResult putFh(CompoundContext context, NfsOp.PutFh op) {
    Location location = context.view().of(handles.decode(op.handle()));
    if (location instanceof Inside inside
        && CompoundContext.attributes(inside).generation() != inside.generation()) {
      throw new NfsException(NfsStatus.STALE);
    }
    context.become(location);
    return new NfsResult.Done(OpCode.PUTFH);
  }

  NfsResult plain(CompoundContext context, NfsOp.PlainOp op) {
    return switch (op) {
      case GETFH -> new NfsResult.GetFh(handles.encode(context.current().handle()));
      case LOOKUPP -> {
        context.become(parent(context));
        yield new NfsResult.Done(OpCode.LOOKUPP);
      }
      case PUTPUBFH -> {
        // Section 18.20.3: without a public file handle of its own, the root.
        context.become(context.view().root());
        yield new NfsResult.Done(OpCode.PUTPUBFH);
      }
      case PUTROOTFH -> {
        context.become(context.view().root());
        yield new NfsResult.Done(OpCode.PUTROOTFH);
      }
      case READLINK -> readLink(context);
      case RESTOREFH -> {
        context.restore();
        yield new NfsResult.Done(OpCode.RESTOREFH);
      }
      case SAVEFH -> {
        context.save();
        yield new NfsResult.Done(OpCode.SAVEFH);
      }
    };
  }

  // --- names

  /** Section 18.13. */
  NfsResult lookup(CompoundContext context, NfsOp.Lookup op) {
    Location from = context.current();
    context.become(child(context, from, NameRules.require(op.name())));
    return new NfsResult.Done(OpCode.LOOKUP);
  }

  private static Location child(CompoundContext context, Location from, FileName name) {
    return switch (from) {
      case Pseudo pseudo -> {
        ExportNode child =
            pseudo
                .node()
                .child(name)
                .filter(context.view()::sees)
                .orElseThrow(() -> new NfsException(NfsStatus.NOENT));
        yield context.view().at(child);
      }
      case Inside inside -> {
        FileAttributes found =
            CompoundContext.fileSystem(inside).lookup(context.caller(inside), inside.inode(), name);
        Optional<ExportNode> junction = context.view().junction(inside, name);
        if (junction.isEmpty()) {
          yield inside.beside(found);
        }
        if (!context.view().sees(junction.get())) {
          throw new NfsException(NfsStatus.ACCESS);
        }
        yield context.view().at(junction.get());
      }
    };
  }

  /** Section 18.14; the root of everything has no parent. */
  private static Location parent(CompoundContext context) {
    ClientView view = context.view();
    return switch (context.current()) {
      case Pseudo pseudo -> view.at(parentNode(pseudo.node()));
      case Inside inside -> {
        FileAttributes attributes = CompoundContext.attributes(inside);
        if (!attributes.isDirectory()) {
          throw new EngineException(
              attributes.type() == FileType.SYMLINK
                  ? ErrorCode.IS_SYMLINK
                  : ErrorCode.NOT_DIRECTORY,
              "only directories have a parent");
        }
        if (view.isExportRoot(inside)) {
          yield view.at(parentNode(inside.access().export().node()));
        }
        yield inside.beside(
            CompoundContext.fileSystem(inside)
                .lookupParent(context.caller(inside), inside.inode()));
      }
    };
  }

  private static ExportNode parentNode(ExportNode node) {
    return node.parent().orElseThrow(() -> new NfsException(NfsStatus.NOENT));
  }

  // --- security

  /** Section 18.29. */
  NfsResult secInfo(CompoundContext context, NfsOp.SecInfo op) {
    Location unused = child(context, context.current(), NameRules.require(op.name()));
    context.consumeCurrent();
    return new NfsResult.SecInfo(OpCode.SECINFO, FLAVORS);
  }

  /** Section 18.45. */
  NfsResult secInfoNoName(CompoundContext context, NfsOp.SecInfoNoName op) {
    Location unused = op.parent() ? parent(context) : context.current();
    context.consumeCurrent();
    return new NfsResult.SecInfo(OpCode.SECINFO_NO_NAME, FLAVORS);
  }

  /** Section 18.24. */
  private static NfsResult readLink(CompoundContext context) {
    return switch (context.current()) {
      case Pseudo pseudo -> throw new NfsException(NfsStatus.WRONG_TYPE);
      case Inside inside ->
          new NfsResult.ReadLink(
              Opaque.of(
                  CompoundContext.fileSystem(inside)
                      .readSymlink(context.caller(inside), inside.inode())));
    };
  }
}
