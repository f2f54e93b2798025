package io.forebay.engine.file;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Inode;

/** The bytes of files for others than who has them open. Thread-safe. */
public interface FileContents {
  /**
   * Pins the content as it is at this moment, uncommitted writes through this gateway included.
   *
   * @return the caller's to close
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#STALE} when it is
   *     gone; {@link io.forebay.engine.ErrorCode#IS_DIRECTORY}, {@link
   *     io.forebay.engine.ErrorCode#IS_SYMLINK}, {@link io.forebay.engine.ErrorCode#WRONG_TYPE} for
   *     what is no regular file
   */
  PinnedContent pin(InodeId inode);

  /**
   * As {@link #pin}, of a version that is not current. Whether it still is one, the caller has to
   * ask after the call.
   */
  PinnedContent pinVersion(InodeId inode);

  /**
   * Makes all uncommitted writes of the inode durable locally; nothing to do for one that is gone.
   * A copy by reference of the committed extents then has all that was written before the call.
   */
  void commit(InodeId inode);

  /** An inode's attributes as every reader sees them: uncommitted writes included. Never blocks. */
  FileAttributes attributes(Inode committed);
}
