package io.forebay.nfs.handler;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Creation;
import io.forebay.engine.DirectoryChange;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.AttributeDecoder;
import io.forebay.nfs.attr.RawAttributes;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.handler.Location.Pseudo;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsOp.OpenClaim;
import io.forebay.nfs.op.NfsOp.OpenHow;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.session.ReclaimPermit;
import io.forebay.nfs.state.FileUse;
import io.forebay.nfs.state.OpenGrant;
import io.forebay.nfs.state.ShareMode;
import java.util.OptionalLong;

/** OPEN, OPEN_DOWNGRADE, CLOSE. */
final class OpenOperations {
  /** OPEN4_RESULT_LOCKTYPE_POSIX and OPEN4_RESULT_PRESERVE_UNLINKED. */
  private static final int RESULT_FLAGS = 0x4 | 0x8;

  private static final int CLAIM_DELEGATE_CUR = 2;
  private static final int CLAIM_DELEG_CUR_FH = 5;
  private static final int DELEGATE_NONE = 0;

  private final StateGate states;

  OpenOperations(StateGate states) {
    this.states = states;
  }

  /** Section 18.16. */
  NfsResult open(CompoundContext context, NfsOp.Open op) {
    Location current = context.current();
    OpenWish wish = OpenWish.of(op);
    return switch (op.claim()) {
      case OpenClaim.ByName byName -> {
        states.sessions().requireNewState(context.lease());
        yield byName(context, current, op, wish, NameRules.require(byName.name()));
      }
      case OpenClaim.ByHandle byHandle -> {
        requireNoCreate(op);
        states.sessions().requireNewState(context.lease());
        yield byHandle(context, context.file(), op, wish, OpenCheck.ENFORCE);
      }
      case OpenClaim.Previous previous -> {
        requireNoCreate(op);
        yield reclaim(context, op, wish, previous);
      }
      // Section 18.16.3: no delegation was ever given, so none can be named or reclaimed.
      case OpenClaim.ByDelegation claim ->
          throw new NfsException(
              claim.claimType() == CLAIM_DELEGATE_CUR || claim.claimType() == CLAIM_DELEG_CUR_FH
                  ? NfsStatus.BAD_STATEID
                  : NfsStatus.NOTSUPP);
    };
  }

  private static void requireNoCreate(NfsOp.Open op) {
    if (!(op.how() instanceof OpenHow.NoCreate)) {
      throw new NfsException(NfsStatus.INVAL);
    }
  }

  private NfsResult reclaim(
      CompoundContext context, NfsOp.Open op, OpenWish wish, OpenClaim.Previous claim) {
    Inside file = context.file();
    try (ReclaimPermit _ = states.sessions().reclaim(context.lease())) {
      if (claim.delegationType() != DELEGATE_NONE) {
        throw new NfsException(NfsStatus.RECLAIM_BAD);
      }
      return byHandle(context, file, op, wish, OpenCheck.ALREADY_GRANTED);
    } catch (NfsException refusal) {
      // Section 15.1.9.3: what is reclaimed was once granted, so somebody is wrong about it.
      throw refusal.status() == NfsStatus.SHARE_DENIED
          ? new NfsException(NfsStatus.RECLAIM_CONFLICT)
          : refusal;
    }
  }

  private NfsResult byHandle(
      CompoundContext context, Inside file, NfsOp.Open op, OpenWish wish, OpenCheck check) {
    requireWritable(file, wish);
    long change = CompoundContext.attributes(file).change();
    OpenGrant grant = grant(context, file, op, wish, check);
    return result(context, file, grant, wish, unchanged(change), AttributeBitmap.EMPTY);
  }

  private static DirectoryChange unchanged(long change) {
    return new DirectoryChange(change, change);
  }

  private static void requireWritable(Inside file, OpenWish wish) {
    if (wish.mode().openAccess().writes() && file.access().isReadOnly()) {
      throw new NfsException(NfsStatus.ROFS);
    }
  }

  private OpenGrant grant(
      CompoundContext context, Inside file, NfsOp.Open op, OpenWish wish, OpenCheck check) {
    OpenFile opened =
        CompoundContext.fileSystem(file)
            .open(context.caller(file), file.inode(), wish.mode().openAccess(), check);
    return states.table().open(context.clientId(), op.owner(), wish.mode(), opened);
  }

  private static NfsResult result(
      CompoundContext context,
      Inside file,
      OpenGrant grant,
      OpenWish wish,
      DirectoryChange change,
      AttributeBitmap set) {
    context.become(file);
    context.setStateId(grant.stateId());
    return new NfsResult.Open(
        grant.stateId(), change, RESULT_FLAGS, set, wish.noDelegationReason());
  }

  // --- by name

  private NfsResult byName(
      CompoundContext context, Location current, NfsOp.Open op, OpenWish wish, FileName name) {
    return switch (current) {
      case Inside directory -> {
        requireNoJunction(context, directory, op, name);
        yield switch (op.how()) {
          case OpenHow.NoCreate none -> existing(context, directory, op, wish, name);
          case OpenHow.Unchecked unchecked ->
              create(
                  context, directory, op, wish, name, CreateMode.UNCHECKED, unchecked.attributes());
          case OpenHow.Guarded guarded ->
              create(context, directory, op, wish, name, CreateMode.GUARDED, guarded.attributes());
          case OpenHow.Exclusive exclusive ->
              create(
                  context,
                  directory,
                  op,
                  wish,
                  name,
                  new CreateMode.Exclusive(exclusive.verifier()),
                  exclusive.attributes());
        };
      }
      case Pseudo pseudo -> {
        boolean there = pseudo.node().child(name).filter(context.view()::sees).isPresent();
        if (there) {
          throw new NfsException(occupied(op.how()));
        }
        throw new NfsException(
            op.how() instanceof OpenHow.NoCreate ? NfsStatus.NOENT : NfsStatus.ROFS);
      }
    };
  }

  /** What is exported by itself is not opened by the rules of the export around. */
  private static void requireNoJunction(
      CompoundContext context, Inside directory, NfsOp.Open op, FileName name) {
    if (context.view().junction(directory, name).isPresent()) {
      throw new NfsException(occupied(op.how()));
    }
  }

  /** How a directory of the name is answered. */
  private static NfsStatus occupied(OpenHow how) {
    return how instanceof OpenHow.Guarded || how instanceof OpenHow.Exclusive
        ? NfsStatus.EXIST
        : NfsStatus.ISDIR;
  }

  private NfsResult existing(
      CompoundContext context, Inside directory, NfsOp.Open op, OpenWish wish, FileName name) {
    FileSystem files = CompoundContext.fileSystem(directory);
    FileAttributes found = files.lookup(context.caller(directory), directory.inode(), name);
    Inside file = directory.beside(found);
    requireWritable(file, wish);
    long change = CompoundContext.attributes(directory).change();
    OpenGrant grant = grant(context, file, op, wish, OpenCheck.ENFORCE);
    return result(context, file, grant, wish, unchanged(change), AttributeBitmap.EMPTY);
  }

  private NfsResult create(
      CompoundContext context,
      Inside directory,
      NfsOp.Open op,
      OpenWish wish,
      FileName name,
      CreateMode mode,
      RawAttributes attributes) {
    AttributeChanges initial = AttributeDecoder.decode(attributes);
    if (directory.access().isReadOnly()) {
      return createReadOnly(context, directory, op, wish, name, mode);
    }
    FileSystem files = CompoundContext.fileSystem(directory);
    Caller caller = context.caller(directory);
    // Truncating an existing file has to wait until its share reservations are asked.
    AttributeChanges first = withoutSize(initial);
    Creation creation = files.createFile(caller, directory.inode(), name, mode, first);
    Inside file = directory.beside(creation.attributes());
    boolean own = creation.created() || mode instanceof CreateMode.Exclusive;
    OpenGrant grant =
        grant(context, file, op, wish, own ? OpenCheck.ALREADY_GRANTED : OpenCheck.ENFORCE);
    AttributeBitmap set = own ? attributes.mask() : AttributeBitmap.EMPTY;
    OptionalLong size = initial.size();
    if (size.isPresent() && (own ? size.getAsLong() > 0 : size.getAsLong() == 0)) {
      resize(context, file, grant, wish, size.getAsLong());
      set = set.with(Attribute.SIZE);
    }
    return result(context, file, grant, wish, creation.directory(), set);
  }

  /** Without creating anything: what is there is opened where that was allowed. */
  private NfsResult createReadOnly(
      CompoundContext context,
      Inside directory,
      NfsOp.Open op,
      OpenWish wish,
      FileName name,
      CreateMode mode) {
    try {
      if (mode instanceof CreateMode.Unchecked) {
        return existing(context, directory, op, wish, name);
      }
      FileAttributes unused =
          CompoundContext.fileSystem(directory)
              .lookup(context.caller(directory), directory.inode(), name);
    } catch (EngineException e) {
      throw e.code() == ErrorCode.NOT_FOUND ? new NfsException(NfsStatus.ROFS) : e;
    }
    throw new NfsException(NfsStatus.EXIST);
  }

  private static AttributeChanges withoutSize(AttributeChanges changes) {
    return new AttributeChanges(
        changes.mode(),
        changes.uid(),
        changes.gid(),
        OptionalLong.empty(),
        changes.access(),
        changes.modify());
  }

  /** A client that is told of a failure must not hold an open it does not know of. */
  private void resize(
      CompoundContext context, Inside file, OpenGrant grant, OpenWish wish, long size) {
    boolean done = false;
    try {
      resize(context, file, grant.stateId(), wish.mode().openAccess().writes(), size);
      done = true;
    } finally {
      if (!done && grant.fresh()) {
        states.table().close(context.clientId(), grant.stateId(), file.inode());
      }
    }
  }

  private void resize(
      CompoundContext context, Inside file, StateId stateId, boolean writing, long size) {
    FileSystem files = CompoundContext.fileSystem(file);
    AttributeChanges change = AttributeChanges.size(size);
    Caller caller = context.caller(file);
    if (!writing) {
      FileAttributes unused = files.setAttributes(caller, file.inode(), change);
      return;
    }
    try (FileUse use = states.table().use(context.clientId(), stateId, file.inode(), true)) {
      FileAttributes unused = files.setAttributesOfOpenFile(caller, use.file(), change);
    }
  }

  // --- after the open

  /** Section 18.18. */
  NfsResult downgrade(CompoundContext context, NfsOp.OpenDowngrade op) {
    Inside file = context.file();
    StateId stateId = context.resolveExactly(op.stateId());
    ShareMode mode = OpenWish.plainMode(op.access(), op.deny());
    StateId after = states.table().downgrade(context.clientId(), stateId, file.inode(), mode);
    context.setStateId(after);
    return new NfsResult.State(OpCode.OPEN_DOWNGRADE, after);
  }

  /** Section 18.2: the stateid that is returned is good for nothing. */
  NfsResult close(CompoundContext context, NfsOp.Close op) {
    Inside file = context.file();
    StateId stateId = context.resolveExactly(op.stateId());
    states.table().close(context.clientId(), stateId, file.inode());
    context.setStateId(StateId.INVALID);
    return new NfsResult.State(OpCode.CLOSE, StateId.INVALID);
  }
}
