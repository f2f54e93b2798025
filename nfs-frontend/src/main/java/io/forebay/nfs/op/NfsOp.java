package io.forebay.nfs.op;

import io.forebay.engine.ExtendedAttribute.Presence;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.RawAttributes;
import io.forebay.nfs.xdr.Opaque;
import java.nio.ByteBuffer;
import java.util.List;

/** An operation of a COMPOUND with its arguments, in wire order (RFC 8881 section 18). */
public sealed interface NfsOp {
  OpCode code();

  // --- what is no operation

  /** A number that the minor version does not have (answered OP_ILLEGAL). */
  record Illegal(int wire) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.ILLEGAL;
    }
  }

  /** An operation whose arguments are not XDR; nothing after it can be read. */
  record Malformed(OpCode code) implements NfsOp {}

  /** An operation of the protocol that this server does not offer; its arguments are not read. */
  record Unsupported(OpCode code) implements NfsOp {}

  // --- sessions

  /** {@code flags} and {@code protection} as on the wire; state protection bodies are not kept. */
  record ExchangeId(long verifier, Opaque owner, int flags, int protection) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.EXCHANGE_ID;
    }
  }

  record CreateSession(
      long clientId,
      int sequence,
      int flags,
      ChannelAttributes fore,
      ChannelAttributes back,
      int callbackProgram)
      implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.CREATE_SESSION;
    }
  }

  record DestroySession(SessionId session) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.DESTROY_SESSION;
    }
  }

  record BindConnToSession(SessionId session, int direction, boolean rdma) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.BIND_CONN_TO_SESSION;
    }
  }

  record BackchannelCtl(int callbackProgram) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.BACKCHANNEL_CTL;
    }
  }

  /** {@code slot} and {@code highestSlot} unsigned. */
  record Sequence(SessionId session, int sequence, int slot, int highestSlot, boolean cacheThis)
      implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.SEQUENCE;
    }
  }

  record DestroyClientId(long clientId) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.DESTROY_CLIENTID;
    }
  }

  record ReclaimComplete(boolean oneFileSystem) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.RECLAIM_COMPLETE;
    }
  }

  // --- file handles

  record PutFh(Opaque handle) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.PUTFH;
    }
  }

  /** An operation without arguments: PUTROOTFH, GETFH, SAVEFH, LOOKUPP, READLINK and their like. */
  record Plain(PlainOp kind) implements NfsOp {
    @Override
    public OpCode code() {
      return kind.code();
    }
  }

  /** The operations without arguments. */
  enum PlainOp {
    GETFH(OpCode.GETFH),
    LOOKUPP(OpCode.LOOKUPP),
    PUTPUBFH(OpCode.PUTPUBFH),
    PUTROOTFH(OpCode.PUTROOTFH),
    READLINK(OpCode.READLINK),
    RESTOREFH(OpCode.RESTOREFH),
    SAVEFH(OpCode.SAVEFH);

    private final OpCode code;

    PlainOp(OpCode code) {
      this.code = code;
    }

    OpCode code() {
      return code;
    }
  }

  record Lookup(Opaque name) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.LOOKUP;
    }
  }

  record SecInfo(Opaque name) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.SECINFO;
    }
  }

  /** {@code parent}: of the parent of the current file handle, else of itself. */
  record SecInfoNoName(boolean parent) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.SECINFO_NO_NAME;
    }
  }

  // --- attributes

  record Access(int wanted) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.ACCESS;
    }
  }

  record GetAttr(AttributeBitmap wanted) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.GETATTR;
    }
  }

  record SetAttr(StateId stateId, RawAttributes attributes) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.SETATTR;
    }
  }

  /** VERIFY or NVERIFY. */
  record Verify(boolean same, RawAttributes attributes) implements NfsOp {
    @Override
    public OpCode code() {
      return same ? OpCode.VERIFY : OpCode.NVERIFY;
    }
  }

  // --- names

  /**
   * {@code type} as {@code nfs_ftype4}; {@code target} of a symbolic link, device numbers else 0.
   */
  record Create(
      int type, Opaque target, int major, int minor, Opaque name, RawAttributes attributes)
      implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.CREATE;
    }
  }

  record Link(Opaque name) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.LINK;
    }
  }

  record Remove(Opaque name) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.REMOVE;
    }
  }

  record Rename(Opaque from, Opaque to) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.RENAME;
    }
  }

  /** Counts unsigned, clamped to 2^31-1. */
  record ReadDir(long cookie, long verifier, int dirCount, int maxCount, AttributeBitmap wanted)
      implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.READDIR;
    }
  }

  // --- opens

  /** {@code access} with its want flags; the owner's client id is ignored (section 18.16.3). */
  record Open(int access, int deny, Opaque owner, OpenHow how, OpenClaim claim) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.OPEN;
    }
  }

  /** {@code openflag4}. */
  sealed interface OpenHow {
    record NoCreate() implements OpenHow {}

    record Unchecked(RawAttributes attributes) implements OpenHow {}

    record Guarded(RawAttributes attributes) implements OpenHow {}

    /** EXCLUSIVE4 (without attributes) and EXCLUSIVE4_1. */
    record Exclusive(long verifier, RawAttributes attributes) implements OpenHow {}
  }

  /** {@code open_claim4}. */
  sealed interface OpenClaim {
    /** CLAIM_NULL: a name in the current directory. */
    record ByName(Opaque name) implements OpenClaim {}

    /** CLAIM_FH: the current file. */
    record ByHandle() implements OpenClaim {}

    /** CLAIM_PREVIOUS: reclaim after a restart of the server, of the current file. */
    record Previous(int delegationType) implements OpenClaim {}

    /** The claims by a delegation, which this server never gave. */
    record ByDelegation(int claimType) implements OpenClaim {}
  }

  record OpenDowngrade(StateId stateId, int access, int deny) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.OPEN_DOWNGRADE;
    }
  }

  record Close(StateId stateId) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.CLOSE;
    }
  }

  // --- locks

  /** {@code nfs_lock_type4}; whether the client would wait makes no difference to this server. */
  enum LockType {
    READ,
    WRITE
  }

  /** Length 2^64-1 (-1) means to the end. */
  record Lock(LockType type, boolean reclaim, long offset, long length, Locker locker)
      implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.LOCK;
    }
  }

  /** {@code locker4}. */
  sealed interface Locker {
    /** The owner's first lock on the file. */
    record FromOpen(StateId open, Opaque owner) implements Locker {}

    record Existing(StateId lock) implements Locker {}
  }

  record LockTest(LockType type, long offset, long length, Opaque owner) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.LOCKT;
    }
  }

  record Unlock(StateId stateId, long offset, long length) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.LOCKU;
    }
  }

  // --- stateids

  record FreeStateId(StateId stateId) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.FREE_STATEID;
    }
  }

  record TestStateId(List<StateId> stateIds) implements NfsOp {
    public TestStateId {
      stateIds = List.copyOf(stateIds);
    }

    @Override
    public OpCode code() {
      return OpCode.TEST_STATEID;
    }
  }

  // --- data

  /** Count unsigned, clamped to 2^31-1. */
  record Read(StateId stateId, long offset, int count) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.READ;
    }
  }

  /** {@code data} is a view of the request's buffer, valid while the request runs. */
  record Write(StateId stateId, long offset, StableHow stable, ByteBuffer data) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.WRITE;
    }
  }

  record Commit(long offset, int count) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.COMMIT;
    }
  }

  // --- minor version 2 (RFC 7862 section 15)

  /** ALLOCATE or DEALLOCATE; the length is unsigned. */
  record Space(boolean allocate, StateId stateId, long offset, long length) implements NfsOp {
    @Override
    public OpCode code() {
      return allocate ? OpCode.ALLOCATE : OpCode.DEALLOCATE;
    }
  }

  /** From the saved file to the current one; a count of 0 means to the end of the source. */
  record Copy(
      StateId source, StateId target, long sourceOffset, long targetOffset, long count, int servers)
      implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.COPY;
    }
  }

  /** As {@link Copy}, all of it in one step. */
  record Clone(StateId source, StateId target, long sourceOffset, long targetOffset, long count)
      implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.CLONE;
    }
  }

  /** {@code what} as {@code data_content4}. */
  record Seek(StateId stateId, long offset, int what) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.SEEK;
    }
  }

  /** Count unsigned, clamped to 2^31-1. */
  record ReadPlus(StateId stateId, long offset, int count) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.READ_PLUS;
    }
  }

  /** {@code hints}: the first word of the bitmap, which has them all. */
  record IoAdvise(StateId stateId, long offset, long count, int hints) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.IO_ADVISE;
    }
  }

  // --- extended attributes (RFC 8276 section 8.4)

  record GetXattr(Opaque name) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.GETXATTR;
    }
  }

  record SetXattr(Presence presence, Opaque name, Opaque value) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.SETXATTR;
    }
  }

  /** Count unsigned, clamped to 2^31-1. */
  record ListXattrs(long cookie, int maxCount) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.LISTXATTRS;
    }
  }

  record RemoveXattr(Opaque name) implements NfsOp {
    @Override
    public OpCode code() {
      return OpCode.REMOVEXATTR;
    }
  }
}
