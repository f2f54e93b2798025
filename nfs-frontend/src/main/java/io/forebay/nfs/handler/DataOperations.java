package io.forebay.nfs.handler;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Payload;
import io.forebay.engine.ReadResult;
import io.forebay.engine.Stability;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StableHow;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.state.FileUse;
import java.nio.ByteBuffer;

/** READ, WRITE, COMMIT. */
final class DataOperations {
  private final StateGate states;
  private final int maxTransferBytes;

  DataOperations(StateGate states, int maxTransferBytes) {
    this.states = states;
    this.maxTransferBytes = maxTransferBytes;
  }

  /** Section 18.22. */
  NfsResult read(CompoundContext context, NfsOp.Read op) {
    Inside file = context.file();
    StateId stateId = context.resolve(op.stateId());
    int count = Math.min(op.count(), maxTransferBytes);
    ReadResult result = null;
    boolean closed = false;
    try {
      if (stateId.isSpecial()) {
        states.checkSpecial(stateId, file, false);
        try (OpenFile opened = open(context, file, OpenAccess.READ)) {
          result = read(opened, op.offset(), count);
        }
      } else {
        try (FileUse use = use(context, stateId, file, false)) {
          result = read(use.file(), op.offset(), count);
        }
      }
      closed = true;
    } finally {
      // The last close of a file may fail: its bytes have then no reader.
      if (!closed && result != null) {
        result.close();
      }
    }
    return new NfsResult.Read(result.endOfFile(), result.payload());
  }

  private static ReadResult read(OpenFile file, long offset, int count) {
    // No file is that long: beyond the end there is nothing.
    return offset < 0 ? new ReadResult(Payload.EMPTY, true) : file.read(offset, count);
  }

  /** Section 18.32; more than the longest write is written in part. */
  NfsResult write(CompoundContext context, NfsOp.Write op) {
    Inside file = context.file();
    StateId stateId = context.resolve(op.stateId());
    if (file.access().isReadOnly()) {
      throw new NfsException(NfsStatus.ROFS);
    }
    ByteBuffer data =
        op.data().slice(op.data().position(), Math.min(op.data().remaining(), maxTransferBytes));
    int count = data.remaining();
    if (op.offset() < 0 || op.offset() > FileSystem.MAX_FILE_SIZE - count) {
      throw new NfsException(NfsStatus.FBIG);
    }
    boolean durable = op.stable() != StableHow.UNSTABLE;
    Stability stability = durable ? Stability.DURABLE : Stability.UNSTABLE;
    if (stateId.isSpecial()) {
      states.checkSpecial(stateId, file, true);
      try (OpenFile opened = open(context, file, OpenAccess.WRITE)) {
        FileAttributes unused = opened.write(op.offset(), data, stability);
      }
    } else {
      try (FileUse use = use(context, stateId, file, true)) {
        FileAttributes unused = use.file().write(op.offset(), data, stability);
      }
    }
    return new NfsResult.Write(
        count,
        durable ? StableHow.FILE_SYNC : StableHow.UNSTABLE,
        CompoundContext.fileSystem(file).writeVerifier());
  }

  /** Without an open: for the one operation only. */
  private static OpenFile open(CompoundContext context, Inside file, OpenAccess access) {
    return CompoundContext.fileSystem(file)
        .open(context.caller(file), file.inode(), access, OpenCheck.ENFORCE);
  }

  private FileUse use(CompoundContext context, StateId stateId, Inside file, boolean write) {
    try {
      return states.table().use(context.clientId(), stateId, file.inode(), write);
    } catch (NfsException refusal) {
      // No stateid fits a directory; what is wrong then is the file handle.
      CompoundContext.requireRegular(file);
      throw refusal;
    }
  }

  /**
   * Section 18.3: everything uncommitted of the file, whoever wrote it. Needs neither an open nor a
   * right: it gives the client nothing but the truth.
   */
  NfsResult commit(CompoundContext context, NfsOp.Commit op) {
    Inside file = context.file();
    CompoundContext.requireRegular(file);
    long end = op.offset() + op.count();
    if (Long.compareUnsigned(end, op.offset()) < 0) {
      throw new NfsException(NfsStatus.INVAL);
    }
    FileSystem files = CompoundContext.fileSystem(file);
    try (OpenFile opened =
        files.open(
            context.caller(file), file.inode(), OpenAccess.WRITE, OpenCheck.ALREADY_GRANTED)) {
      opened.commit();
    }
    return new NfsResult.Commit(files.writeVerifier());
  }
}
