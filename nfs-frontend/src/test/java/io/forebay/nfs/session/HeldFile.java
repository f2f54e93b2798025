package io.forebay.nfs.session;

import io.forebay.engine.ByteRange;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenFile;
import io.forebay.engine.ReadResult;
import io.forebay.engine.Stability;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** A file to hold open; it is never read. */
record HeldFile(InodeId inode, OpenAccess access) implements OpenFile {
  @Override
  public ReadResult read(long offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileAttributes write(long offset, ByteBuffer data, Stability stability) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void commit() {
    throw new UnsupportedOperationException();
  }

  @Override
  public OptionalLong seekData(long offset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public OptionalLong seekHole(long offset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileAttributes allocate(ByteRange range) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileAttributes punch(ByteRange range) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long copyFrom(OpenFile source, ByteRange from, long offset, int maxExtents) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void prefetch(ByteRange range) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
