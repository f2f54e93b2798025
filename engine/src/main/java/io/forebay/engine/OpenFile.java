package io.forebay.engine;

import java.nio.ByteBuffer;

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

  /** Idempotent. Commits nothing. The last close of an unlinked file lets its bytes go. */
  @Override
  void close();
}
