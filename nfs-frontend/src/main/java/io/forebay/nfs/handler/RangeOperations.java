package io.forebay.nfs.handler;

import io.forebay.engine.ByteRange;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Payload;
import io.forebay.engine.ReadResult;
import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.state.FileUse;
import java.util.OptionalLong;
import java.util.function.Function;

/** What minor version 2 does with ranges of files (RFC 7862 section 15). */
final class RangeOperations {
  private static final int CONTENT_DATA = 0;
  private static final int CONTENT_HOLE = 1;
  private static final int ADVISE_WILLNEED = 1 << 4;
  private static final int ADVISE_WILLNEED_OPPORTUNISTIC = 1 << 5;

  /** Bounds the one transaction of a COPY; the client goes on from there. */
  private static final int COPY_EXTENTS = 8192;

  private final StateGate states;
  private final int maxTransferBytes;

  RangeOperations(StateGate states, int maxTransferBytes) {
    this.states = states;
    this.maxTransferBytes = maxTransferBytes;
  }

  /** Sections 15.1 and 15.4. */
  NfsResult space(CompoundContext context, NfsOp.Space op) {
    Inside file = writable(context);
    if (op.length() == 0 || op.offset() < 0) {
      throw new NfsException(op.length() == 0 ? NfsStatus.INVAL : NfsStatus.FBIG);
    }
    long end = end(op.offset(), op.length());
    StateId stateId = context.resolve(op.stateId());
    if (op.allocate() && end > FileSystem.MAX_FILE_SIZE) {
      throw new NfsException(NfsStatus.FBIG);
    }
    ByteRange range = new ByteRange(op.offset(), end - op.offset());
    FileAttributes unused =
        with(
            context,
            file,
            stateId,
            true,
            open -> op.allocate() ? open.allocate(range) : open.punch(range));
    return new NfsResult.Done(op.code());
  }

  /** Both unsigned; INVAL where the range ends beyond 2^64. */
  private static long end(long offset, long length) {
    long end = offset + length;
    if (Long.compareUnsigned(end, offset) < 0) {
      throw new NfsException(NfsStatus.INVAL);
    }
    return end < 0 ? Long.MAX_VALUE : end;
  }

  /** Section 15.11. */
  NfsResult seek(CompoundContext context, NfsOp.Seek op) {
    Inside file = context.file();
    if (op.what() != CONTENT_DATA && op.what() != CONTENT_HOLE) {
      throw new NfsException(NfsStatus.UNION_NOTSUPP);
    }
    StateId stateId = context.resolve(op.stateId());
    return with(context, file, stateId, false, open -> seek(open, file, op));
  }

  private static NfsResult seek(OpenFile open, Inside file, NfsOp.Seek op) {
    long size = CompoundContext.attributes(file).size();
    if (op.offset() < 0 || op.offset() >= size) {
      throw new NfsException(NfsStatus.NXIO);
    }
    OptionalLong found =
        op.what() == CONTENT_DATA ? open.seekData(op.offset()) : open.seekHole(op.offset());
    long at = found.orElse(size);
    return new NfsResult.Seek(found.isEmpty() || at >= size, at);
  }

  /** Section 15.10: what begins the range, data or a hole; a client asks again for the rest. */
  NfsResult readPlus(CompoundContext context, NfsOp.ReadPlus op) {
    Inside file = context.file();
    StateId stateId = context.resolve(op.stateId());
    if (op.offset() < 0) {
      return new NfsResult.ReadPlus(true, op.offset(), Payload.EMPTY, 0);
    }
    int count = Math.min(op.count(), maxTransferBytes);
    ReadResult[] read = {null};
    boolean closed = false;
    try {
      read[0] =
          with(
              context,
              file,
              stateId,
              false,
              open -> {
                read[0] = open.read(op.offset(), count);
                return read[0];
              });
      closed = true;
    } finally {
      // The last close of a file may fail: its bytes have then no reader.
      if (!closed && read[0] != null) {
        read[0].close();
      }
    }
    Payload payload = read[0].payload();
    boolean hole =
        payload.length() > 0
            && payload.parts().stream().allMatch(part -> part instanceof Payload.Zeroes);
    if (!hole) {
      return new NfsResult.ReadPlus(read[0].endOfFile(), op.offset(), payload, 0);
    }
    int length = payload.length();
    payload.close();
    return new NfsResult.ReadPlus(read[0].endOfFile(), op.offset(), Payload.EMPTY, length);
  }

  /** Section 15.5: what is followed is bringing in what will be needed. */
  NfsResult ioAdvise(CompoundContext context, NfsOp.IoAdvise op) {
    Inside file = context.file();
    StateId stateId = context.resolve(op.stateId());
    int followed = op.hints() & (ADVISE_WILLNEED | ADVISE_WILLNEED_OPPORTUNISTIC);
    if (op.offset() < 0) {
      throw new NfsException(NfsStatus.INVAL);
    }
    long end = op.count() == 0 ? Long.MAX_VALUE : end(op.offset(), op.count());
    ByteRange range = new ByteRange(op.offset(), end - op.offset());
    boolean unused =
        with(
            context,
            file,
            stateId,
            false,
            open -> {
              if (followed != 0) {
                open.prefetch(range);
              }
              return true;
            });
    return new NfsResult.IoAdvise(followed);
  }

  /** Section 15.2: by reference, so that all of it is done, and durable, with the answer. */
  NfsResult copy(CompoundContext context, NfsOp.Copy op) {
    if (op.servers() > 0) {
      // Only within this server.
      throw new NfsException(NfsStatus.NOTSUPP);
    }
    Range range =
        new Range(
            context.resolveSaved(op.source()),
            context.resolve(op.target()),
            op.sourceOffset(),
            op.targetOffset(),
            op.count());
    Inside target = writable(context);
    long done = share(context, target, range, COPY_EXTENTS);
    return new NfsResult.Copy(done, CompoundContext.fileSystem(target).writeVerifier());
  }

  /** Section 15.13: in one step. */
  NfsResult clone(CompoundContext context, NfsOp.Clone op) {
    Range range =
        new Range(
            context.resolveSaved(op.source()),
            context.resolve(op.target()),
            op.sourceOffset(),
            op.targetOffset(),
            op.count());
    long unused = share(context, writable(context), range, Integer.MAX_VALUE);
    return new NfsResult.Done(OpCode.CLONE);
  }

  private record Range(
      StateId source, StateId target, long sourceOffset, long targetOffset, long count) {}

  private long share(CompoundContext context, Inside target, Range range, int maxExtents) {
    Inside source = context.savedFile();
    CompoundContext.requireRegular(source);
    CompoundContext.requireRegular(target);
    long size = CompoundContext.attributes(source).size();
    if (range.sourceOffset() < 0 || range.sourceOffset() > size) {
      throw new NfsException(NfsStatus.INVAL);
    }
    if (range.targetOffset() < 0) {
      throw new NfsException(NfsStatus.FBIG);
    }
    long count = range.count() == 0 ? size - range.sourceOffset() : range.count();
    if (count < 0 || count > size - range.sourceOffset()) {
      throw new NfsException(NfsStatus.INVAL);
    }
    ByteRange from = new ByteRange(range.sourceOffset(), count);
    return with(
        context,
        source,
        range.source(),
        false,
        in ->
            with(
                context,
                target,
                range.target(),
                true,
                out -> out.copyFrom(in, from, range.targetOffset(), maxExtents)));
  }

  private static Inside writable(CompoundContext context) {
    Inside file = context.file();
    if (file.access().isReadOnly()) {
      throw new NfsException(NfsStatus.ROFS);
    }
    return file;
  }

  // --- stateids

  private <T> T with(
      CompoundContext context,
      Inside file,
      StateId stateId,
      boolean write,
      Function<OpenFile, T> operation) {
    if (stateId.isSpecial()) {
      states.checkSpecial(stateId, file, write);
      try (OpenFile opened =
          CompoundContext.fileSystem(file)
              .open(
                  context.caller(file),
                  file.inode(),
                  write ? OpenAccess.WRITE : OpenAccess.READ,
                  OpenCheck.ENFORCE)) {
        return operation.apply(opened);
      }
    }
    try (FileUse use = use(context, stateId, file, write)) {
      return operation.apply(use.file());
    }
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
}
