package io.forebay.engine;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * A regular file held open: it stays readable until {@link #close()}, unlinked or not, and keeps
 * its own read-ahead state. Many threads may use one at once; writes are ordered per inode, not per
 * open file.
 */
public interface OpenFile extends AutoCloseable {
  InodeId inode();

  OpenAccess access();

  /**
   * Reads. Sees every completed write through this gateway, committed or not.
   *
   * @param offset 0 or more; at or beyond the end reads nothing
   * @param length 0 to {@link FileSystem#MAX_TRANSFER}
   * @return the caller's to close
   * @throws EngineException {@link ErrorCode#CORRUPT} for lost bytes, {@link ErrorCode#UNAVAILABLE}
   *     when they are only in a bucket that cannot be reached
   */
  ReadResult read(long offset, int length);

  /**
   * Writes all remaining bytes of {@code data}, or nothing. Visible to every reader of this gateway
   * on return; durable on return with {@link Stability#DURABLE}, else after {@link #commit}.
   *
   * @param offset 0 or more
   * @param data 0 to {@link FileSystem#MAX_TRANSFER} bytes; the caller's again on return
   * @return attributes after the write
   * @throws EngineException {@link ErrorCode#THROTTLED} when staging is full, {@link
   *     ErrorCode#NO_SPACE}, {@link ErrorCode#QUOTA_EXCEEDED}, {@link ErrorCode#FILE_TOO_LARGE}
   */
  FileAttributes write(long offset, ByteBuffer data, Stability stability);

  /**
   * Makes every write completed before this call durable, those of other open files of the inode
   * included. A failure leaves them uncommitted and says so; the caller may try again.
   */
  void commit();

  /**
   * The first byte of data at or after an offset, uncommitted writes included.
   *
   * @param offset 0 or more
   * @return empty when only holes follow, or nothing
   */
  OptionalLong seekData(long offset);

  /**
   * The first byte of a hole at or after an offset; the end of the file counts as one.
   *
   * @param offset 0 or more
   * @return empty at or beyond the end
   */
  OptionalLong seekHole(long offset);

  /**
   * Lets the file be at least {@code offset + length} long, as posix_fallocate; durable on return.
   * Data is written to new places always, so no space is set aside: it is checked that there is
   * room now.
   *
   * @param range 1 byte or more
   * @return attributes after
   * @throws EngineException {@link ErrorCode#NO_SPACE}, {@link ErrorCode#QUOTA_EXCEEDED}, {@link
   *     ErrorCode#FILE_TOO_LARGE}
   */
  FileAttributes allocate(ByteRange range);

  /**
   * Makes a hole; durable on return, in one step. What lies beyond the end is left out; the size
   * stays.
   *
   * @return attributes after
   */
  FileAttributes punch(ByteRange range);

  /**
   * Shares bytes of another file, or of this one, which takes neither space nor time for their
   * number; holes are shared as holes. Durable on return, in one step. Of the source counts what
   * was written when the call began, at least.
   *
   * @param source open for reading, through the same volume
   * @param from what to share; cut off at the source's end
   * @param offset where it goes; the file grows as needed
   * @param maxExtents the most extents that are shared: bounds the transaction
   * @return bytes done, counted from the beginning of the range: fewer than asked for at the end of
   *     the source, or at the bound
   * @throws EngineException {@link ErrorCode#INVALID_ARGUMENT} for a range that overlaps its own
   *     copy, {@link ErrorCode#FILE_TOO_LARGE}, {@link ErrorCode#QUOTA_EXCEEDED}
   */
  long copyFrom(OpenFile source, ByteRange from, long offset, int maxExtents);

  /** Brings a range into the cache, as far as it is sensible; the caller waits for that. */
  void prefetch(ByteRange range);

  /** Idempotent. Commits nothing. The last close of an unlinked file lets its bytes go. */
  @Override
  void close();
}
