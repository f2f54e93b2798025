package io.forebay.nfs.op;

import io.forebay.engine.DirectoryChange;
import io.forebay.engine.Payload;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.AttributeSource;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.xdr.Opaque;
import java.util.List;

/** How an operation ended, with what it returns, in wire order (RFC 8881 section 18). */
public sealed interface NfsResult {
  OpCode code();

  default NfsStatus status() {
    return NfsStatus.OK;
  }

  /** Bytes that leave behind what is encoded; their owner is whoever holds the result. */
  default Payload payload() {
    return Payload.EMPTY;
  }

  /** A success that says nothing more. */
  record Done(OpCode code) implements NfsResult {}

  /** A failure that says nothing more. */
  record Failed(OpCode code, NfsStatus status) implements NfsResult {}

  // --- sessions

  record ExchangeId(
      long clientId, int sequence, int flags, long ownerMinor, Opaque ownerMajor, Opaque scope)
      implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.EXCHANGE_ID;
    }
  }

  record CreateSession(
      SessionId session, int sequence, int flags, ChannelAttributes fore, ChannelAttributes back)
      implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.CREATE_SESSION;
    }
  }

  record BindConnToSession(SessionId session, int direction) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.BIND_CONN_TO_SESSION;
    }
  }

  record Sequence(
      SessionId session,
      int sequence,
      int slot,
      int highestSlot,
      int targetHighestSlot,
      int statusFlags)
      implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.SEQUENCE;
    }
  }

  // --- handles and attributes

  record GetFh(Opaque handle) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.GETFH;
    }
  }

  /** SECINFO or SECINFO_NO_NAME: flavors without further information. */
  record SecInfo(OpCode code, List<Integer> flavors) implements NfsResult {
    public SecInfo {
      flavors = List.copyOf(flavors);
    }
  }

  record Access(int supported, int granted) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.ACCESS;
    }
  }

  record GetAttr(AttributeBitmap wanted, AttributeSource source) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.GETATTR;
    }
  }

  /** The one operation that says what it did even when it failed. */
  record SetAttr(NfsStatus status, AttributeBitmap set) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.SETATTR;
    }
  }

  record ReadLink(Opaque target) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.READLINK;
    }
  }

  // --- names

  record Create(DirectoryChange change, AttributeBitmap set) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.CREATE;
    }
  }

  /** LINK, REMOVE, SETXATTR or REMOVEXATTR. */
  record Changed(OpCode code, DirectoryChange change) implements NfsResult {}

  record Rename(DirectoryChange source, DirectoryChange target) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.RENAME;
    }
  }

  /** Entries that fit the client's counts. */
  record ReadDir(long verifier, List<Entry> entries, AttributeBitmap wanted, boolean end)
      implements NfsResult {
    /** One entry. */
    public record Entry(long cookie, Opaque name, AttributeSource source) {}

    public ReadDir {
      entries = List.copyOf(entries);
    }

    @Override
    public OpCode code() {
      return OpCode.READDIR;
    }
  }

  // --- opens and locks

  /** {@code noDelegationReason} is -1 where the client did not ask: OPEN_DELEGATE_NONE. */
  record Open(
      StateId stateId,
      DirectoryChange change,
      int flags,
      AttributeBitmap set,
      int noDelegationReason)
      implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.OPEN;
    }
  }

  /** CLOSE, OPEN_DOWNGRADE, LOCK or LOCKU. */
  record State(OpCode code, StateId stateId) implements NfsResult {}

  /** LOCK or LOCKT: somebody else's lock is in the way. */
  record LockDenied(
      OpCode code, long offset, long length, LockType type, long clientId, Opaque owner)
      implements NfsResult {
    @Override
    public NfsStatus status() {
      return NfsStatus.DENIED;
    }
  }

  record TestStateId(List<NfsStatus> statuses) implements NfsResult {
    public TestStateId {
      statuses = List.copyOf(statuses);
    }

    @Override
    public OpCode code() {
      return OpCode.TEST_STATEID;
    }
  }

  // --- data

  /** The payload's owner is whoever holds the result. */
  record Read(boolean endOfFile, Payload payload) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.READ;
    }
  }

  record Write(int count, StableHow committed, long verifier) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.WRITE;
    }
  }

  record Commit(long verifier) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.COMMIT;
    }
  }

  // --- minor version 2

  /** Everything was copied at once, and is durable. */
  record Copy(long count, long verifier) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.COPY;
    }
  }

  record Seek(boolean endOfFile, long offset) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.SEEK;
    }
  }

  /** One run: the payload, or a hole, or nothing where both are empty. */
  record ReadPlus(boolean endOfFile, long offset, Payload payload, int hole) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.READ_PLUS;
    }
  }

  /** {@code hints}: those that are followed. */
  record IoAdvise(int hints) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.IO_ADVISE;
    }
  }

  record GetXattr(Opaque value) implements NfsResult {
    @Override
    public OpCode code() {
      return OpCode.GETXATTR;
    }
  }

  /** Names that fit the client's count. */
  record ListXattrs(long cookie, List<Opaque> names, boolean end) implements NfsResult {
    public ListXattrs {
      names = List.copyOf(names);
    }

    @Override
    public OpCode code() {
      return OpCode.LISTXATTRS;
    }
  }
}
