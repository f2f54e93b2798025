package io.forebay.nfs.op;

import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.RawAttributes;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.op.NfsOp.Locker;
import io.forebay.nfs.op.NfsOp.OpenClaim;
import io.forebay.nfs.op.NfsOp.OpenHow;
import io.forebay.nfs.op.NfsOp.PlainOp;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one operation of a COMPOUND. */
final class OpDecoder {
  /** Names longer than this are not even worth NAMETOOLONG. */
  private static final int MAX_NAME_BYTES = 64 << 10;

  private static final int MAX_OWNER_BYTES = 1024;
  private static final int MAX_HANDLE_BYTES = 128;
  private static final int MAX_STATEIDS = 1024;
  private static final int MAX_DATA_BYTES = Integer.MAX_VALUE;

  private OpDecoder() {}

  /** Throws {@link XdrException} only when not even the operation's number is there. */
  static NfsOp decode(XdrReader reader, int minorVersion) {
    int wire;
    try {
      wire = reader.readInt();
    } catch (XdrException tooShort) {
      return new NfsOp.Malformed(OpCode.ILLEGAL);
    }
    Optional<OpCode> code = OpCode.ofWire(wire, minorVersion);
    if (code.isEmpty()) {
      return new NfsOp.Illegal(wire);
    }
    try {
      return arguments(code.get(), reader);
    } catch (XdrException malformed) {
      return new NfsOp.Malformed(code.get());
    }
  }

  private static NfsOp arguments(OpCode code, XdrReader in) {
    return switch (code) {
      case ACCESS -> new NfsOp.Access(in.readInt());
      case CLOSE -> {
        int unusedSeqid = in.readInt();
        yield new NfsOp.Close(stateId(in));
      }
      case COMMIT -> new NfsOp.Commit(in.readLong(), clamped(in));
      case CREATE -> create(in);
      case GETATTR -> new NfsOp.GetAttr(AttributeBitmap.decode(in));
      case GETFH -> new NfsOp.Plain(PlainOp.GETFH);
      case LINK -> new NfsOp.Link(name(in));
      case LOCK -> lock(in);
      case LOCKT -> lockTest(in);
      case LOCKU -> unlock(in);
      case LOOKUP -> new NfsOp.Lookup(name(in));
      case LOOKUPP -> new NfsOp.Plain(PlainOp.LOOKUPP);
      case NVERIFY -> new NfsOp.Verify(false, RawAttributes.decode(in));
      case OPEN -> open(in);
      case OPEN_DOWNGRADE -> openDowngrade(in);
      case PUTFH -> new NfsOp.PutFh(in.readOpaque(MAX_HANDLE_BYTES));
      case PUTPUBFH -> new NfsOp.Plain(PlainOp.PUTPUBFH);
      case PUTROOTFH -> new NfsOp.Plain(PlainOp.PUTROOTFH);
      case READ -> new NfsOp.Read(stateId(in), in.readLong(), clamped(in));
      case READDIR -> readDir(in);
      case READLINK -> new NfsOp.Plain(PlainOp.READLINK);
      case REMOVE -> new NfsOp.Remove(name(in));
      case RENAME -> new NfsOp.Rename(name(in), name(in));
      case RESTOREFH -> new NfsOp.Plain(PlainOp.RESTOREFH);
      case SAVEFH -> new NfsOp.Plain(PlainOp.SAVEFH);
      case SECINFO -> new NfsOp.SecInfo(name(in));
      case SETATTR -> new NfsOp.SetAttr(stateId(in), RawAttributes.decode(in));
      case VERIFY -> new NfsOp.Verify(true, RawAttributes.decode(in));
      case WRITE -> write(in);
      case BACKCHANNEL_CTL -> backchannelCtl(in);
      case BIND_CONN_TO_SESSION ->
          new NfsOp.BindConnToSession(SessionId.decode(in), direction(in), in.readBool());
      case EXCHANGE_ID -> SessionOpDecoder.exchangeId(in);
      case CREATE_SESSION -> SessionOpDecoder.createSession(in);
      case DESTROY_SESSION -> new NfsOp.DestroySession(SessionId.decode(in));
      case FREE_STATEID -> new NfsOp.FreeStateId(stateId(in));
      case SECINFO_NO_NAME -> new NfsOp.SecInfoNoName(in.readBool());
      case SEQUENCE ->
          new NfsOp.Sequence(
              SessionId.decode(in), in.readInt(), in.readInt(), in.readInt(), in.readBool());
      case TEST_STATEID -> testStateId(in);
      case DESTROY_CLIENTID -> new NfsOp.DestroyClientId(in.readLong());
      case RECLAIM_COMPLETE -> new NfsOp.ReclaimComplete(in.readBool());
      case ALLOCATE,
          DEALLOCATE,
          COPY,
          CLONE,
          SEEK,
          READ_PLUS,
          IO_ADVISE,
          GETXATTR,
          SETXATTR,
          LISTXATTRS,
          REMOVEXATTR ->
          MinorTwoDecoder.arguments(code, in);
      // Version 4.0 only, or optional and not offered.
      case DELEGPURGE,
          DELEGRETURN,
          OPENATTR,
          OPEN_CONFIRM,
          RENEW,
          SETCLIENTID,
          SETCLIENTID_CONFIRM,
          RELEASE_LOCKOWNER,
          GET_DIR_DELEGATION,
          GETDEVICEINFO,
          GETDEVICELIST,
          LAYOUTCOMMIT,
          LAYOUTGET,
          LAYOUTRETURN,
          SET_SSV,
          WANT_DELEGATION,
          COPY_NOTIFY,
          LAYOUTERROR,
          LAYOUTSTATS,
          OFFLOAD_CANCEL,
          OFFLOAD_STATUS,
          WRITE_SAME ->
          new NfsOp.Unsupported(code);
      case ILLEGAL -> new NfsOp.Illegal(code.wire());
    };
  }

  private static Opaque name(XdrReader in) {
    return in.readOpaque(MAX_NAME_BYTES);
  }

  static int clamped(XdrReader in) {
    return (int) Math.min(in.readUnsignedInt(), Integer.MAX_VALUE);
  }

  static StateId stateId(XdrReader in) {
    int seqid = in.readInt();
    long high = in.readLong();
    return new StateId(seqid, high, in.readInt());
  }

  private static NfsOp create(XdrReader in) {
    int type = in.readInt();
    Opaque target = Opaque.EMPTY;
    int major = 0;
    int minor = 0;
    switch (type) {
      case 5 -> target = in.readOpaque(MAX_NAME_BYTES);
      case 3, 4 -> {
        major = in.readInt();
        minor = in.readInt();
      }
      default -> {}
    }
    return new NfsOp.Create(type, target, major, minor, name(in), RawAttributes.decode(in));
  }

  private static NfsOp lock(XdrReader in) {
    LockType type = lockType(in);
    boolean reclaim = in.readBool();
    long offset = in.readLong();
    long length = in.readLong();
    Locker locker;
    if (in.readBool()) {
      int unusedOpenSeqid = in.readInt();
      StateId open = stateId(in);
      int unusedLockSeqid = in.readInt();
      locker = new Locker.FromOpen(open, owner(in));
    } else {
      locker = new Locker.Existing(stateId(in));
      int unusedLockSeqid = in.readInt();
    }
    return new NfsOp.Lock(type, reclaim, offset, length, locker);
  }

  /** READ_LT, WRITE_LT, and the two that would wait. */
  private static LockType lockType(XdrReader in) {
    return switch (in.readInt()) {
      case 1, 3 -> LockType.READ;
      case 2, 4 -> LockType.WRITE;
      default -> throw new XdrException("not a lock type");
    };
  }

  /** The client id beside an owner means nothing in minor version 1: the session's counts. */
  private static Opaque owner(XdrReader in) {
    long unusedClientId = in.readLong();
    return in.readOpaque(MAX_OWNER_BYTES);
  }

  private static NfsOp lockTest(XdrReader in) {
    LockType type = lockType(in);
    long offset = in.readLong();
    long length = in.readLong();
    return new NfsOp.LockTest(type, offset, length, owner(in));
  }

  private static NfsOp unlock(XdrReader in) {
    LockType unusedType = lockType(in);
    int unusedSeqid = in.readInt();
    StateId stateId = stateId(in);
    return new NfsOp.Unlock(stateId, in.readLong(), in.readLong());
  }

  private static NfsOp open(XdrReader in) {
    int unusedSeqid = in.readInt();
    int access = in.readInt();
    int deny = in.readInt();
    Opaque owner = owner(in);
    OpenHow how =
        switch (in.readInt()) {
          case 0 -> new OpenHow.NoCreate();
          case 1 -> createHow(in);
          default -> throw new XdrException("not an open type");
        };
    return new NfsOp.Open(access, deny, owner, how, claim(in));
  }

  private static OpenHow createHow(XdrReader in) {
    return switch (in.readInt()) {
      case 0 -> new OpenHow.Unchecked(RawAttributes.decode(in));
      case 1 -> new OpenHow.Guarded(RawAttributes.decode(in));
      case 2 -> new OpenHow.Exclusive(in.readLong(), RawAttributes.NONE);
      case 3 -> new OpenHow.Exclusive(in.readLong(), RawAttributes.decode(in));
      default -> throw new XdrException("not a create mode");
    };
  }

  private static OpenClaim claim(XdrReader in) {
    int type = in.readInt();
    return switch (type) {
      case 0 -> new OpenClaim.ByName(name(in));
      case 1 -> new OpenClaim.Previous(in.readInt());
      case 2 -> {
        StateId unusedDelegation = stateId(in);
        Opaque unusedName = name(in);
        yield new OpenClaim.ByDelegation(type);
      }
      case 3 -> {
        Opaque unusedName = name(in);
        yield new OpenClaim.ByDelegation(type);
      }
      case 4 -> new OpenClaim.ByHandle();
      case 5 -> {
        StateId unusedDelegation = stateId(in);
        yield new OpenClaim.ByDelegation(type);
      }
      case 6 -> new OpenClaim.ByDelegation(type);
      default -> throw new XdrException("not a claim type");
    };
  }

  private static NfsOp openDowngrade(XdrReader in) {
    StateId stateId = stateId(in);
    int unusedSeqid = in.readInt();
    return new NfsOp.OpenDowngrade(stateId, in.readInt(), in.readInt());
  }

  private static NfsOp readDir(XdrReader in) {
    long cookie = in.readLong();
    long verifier = in.readLong();
    int dirCount = clamped(in);
    int maxCount = clamped(in);
    return new NfsOp.ReadDir(cookie, verifier, dirCount, maxCount, AttributeBitmap.decode(in));
  }

  private static NfsOp write(XdrReader in) {
    StateId stateId = stateId(in);
    long offset = in.readLong();
    StableHow stable =
        switch (in.readInt()) {
          case 0 -> StableHow.UNSTABLE;
          case 1 -> StableHow.DATA_SYNC;
          case 2 -> StableHow.FILE_SYNC;
          default -> throw new XdrException("not a stable_how");
        };
    return new NfsOp.Write(stateId, offset, stable, in.readView(MAX_DATA_BYTES));
  }

  private static NfsOp backchannelCtl(XdrReader in) {
    int program = in.readInt();
    SessionOpDecoder.callbackSecurity(in);
    return new NfsOp.BackchannelCtl(program);
  }

  private static int direction(XdrReader in) {
    int direction = in.readInt();
    if (direction != 1 && direction != 2 && direction != 3 && direction != 7) {
      throw new XdrException("not a channel direction");
    }
    return direction;
  }

  private static NfsOp testStateId(XdrReader in) {
    int count = in.readCount(MAX_STATEIDS);
    List<StateId> stateIds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      stateIds.add(stateId(in));
    }
    return new NfsOp.TestStateId(stateIds);
  }
}
