package io.forebay.engine.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Every change that staging and cache make to local files, and no other way to make one: tests put
 * failing disks and power cuts here. Thread-safe.
 */
public interface SegmentFiles {
  /**
   * A file open for reading and writing. Thread-safe; a thread's interruption does not close it.
   */
  interface StoredFile extends AutoCloseable {
    /** Writes all remaining bytes. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Reads until {@code target} is full; an early end is an {@link java.io.EOFException}. */
    void read(ByteBuffer target, long position) throws IOException;

    /** Makes content and length durable (fdatasync). */
    void force() throws IOException;

    /** Cuts the file to a length. */
    void truncate(long length) throws IOException;

    long length() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Creates a file that must not be there yet. */
  StoredFile create(Path file) throws IOException;

  /** Opens a file that is there. */
  StoredFile open(Path file) throws IOException;

  /** Opens for positional reads and {@code sendfile} only. */
  FileChannel openForReading(Path file) throws IOException;

  /** Renames within a file system, atomically, replacing. */
  void rename(Path from, Path to) throws IOException;

  /** Removes; there being none is a success. */
  void delete(Path file) throws IOException;

  void createDirectories(Path directory) throws IOException;

  /** Makes the names in a directory durable. */
  void forceDirectory(Path directory) throws IOException;

  /** Entries of a directory, in no order; empty when there is no such directory. */
  List<Path> list(Path directory) throws IOException;

  /** Free space of the file system that holds {@code directory}. */
  long usableBytes(Path directory) throws IOException;

  /** The machine's own disks. */
  static SegmentFiles onDisk() {
    return new DiskFiles();
  }
}
