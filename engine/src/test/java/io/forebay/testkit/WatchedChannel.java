package io.forebay.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file open for reading whose reads may be made to fail. */
final class WatchedChannel extends FileChannel {
  /** Asked before each read. */
  interface Watch {
    void beforeRead() throws IOException;
  }

  private interface Reading {
    long read() throws IOException;
  }

  private final FileChannel inner;
  private final Watch watch;

  WatchedChannel(FileChannel inner, Watch watch) {
    this.inner = inner;
    this.watch = watch;
  }

  private long watched(Reading reading) throws IOException {
    watch.beforeRead();
    try {
      return reading.read();
    } catch (ClosedChannelException e) {
      // By the interruption of a thread that read.
      close();
      throw e;
    }
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return (int) watched(() -> inner.read(target, position));
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return (int) watched(() -> inner.read(target));
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return watched(() -> inner.read(targets, offset, length));
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return watched(() -> inner.transferTo(position, count, target));
  }

  @Override
  public long position() throws IOException {
    return inner.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    inner.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return inner.size();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return inner.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException("open for reading only");
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException("open for reading only");
  }

  @Override
  public int write(ByteBuffer source) {
    throw new UnsupportedOperationException("open for reading only");
  }

  @Override
  public int write(ByteBuffer source, long position) {
    throw new UnsupportedOperationException("open for reading only");
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException("open for reading only");
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException("open for reading only");
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException("open for reading only");
  }

  @Override
  public void force(boolean metaData) {
    // Nothing was written.
  }

  @Override
  protected void implCloseChannel() throws IOException {
    inner.close();
  }
}
