package io.forebay.nfs.state;

import io.forebay.engine.ByteRange;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenFile;
import io.forebay.engine.ReadResult;
import io.forebay.engine.Stability;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/** An open file that counts how often it is closed, and has no content. */
record CountingFile(InodeId inode, OpenAccess access, AtomicInteger count) implements OpenFile {
  CountingFile(InodeId inode, OpenAccess access) {
    this(inode, access, new AtomicInteger());
  }

  int closes() {
    return count.get();
  }

  @Override
  public ReadResult read(long offset, int length) {
    throw new EngineException(ErrorCode.IO, "no content");
  }

  @Override
  public FileAttributes write(long offset, ByteBuffer data, Stability stability) {
    throw new EngineException(ErrorCode.IO, "no content");
  }

  @Override
  public void commit() {
    throw new EngineException(ErrorCode.IO, "no content");
  }

  @Override
  public OptionalLong seekData(long offset) {
    throw new EngineException(ErrorCode.IO, "no content");
  }

  @Override
  public OptionalLong seekHole(long offset) {
    throw new EngineException(ErrorCode.IO, "no content");
  }

  @Override
  public FileAttributes allocate(ByteRange range) {
    throw new EngineException(ErrorCode.IO, "no content");
  }

  @Override
  public FileAttributes punch(ByteRange range) {
    throw new EngineException(ErrorCode.IO, "no content");
  }

  @Override
  public long copyFrom(OpenFile source, ByteRange from, long offset, int maxExtents) {
    throw new EngineException(ErrorCode.IO, "no content");
  }

  @Override
  public void prefetch(ByteRange range) {
    throw new EngineException(ErrorCode.IO, "no content");
  }

  @Override
  public void close() {
    count.incrementAndGet();
  }
}
