package io.forebay.engine.segment;

import io.forebay.engine.InodeId;
import java.nio.ByteBuffer;
import java.util.List;

/** A writer's way into staging. Thread-safe; appends of one stream are laid down in call order. */
public interface AppendStream extends AutoCloseable {
  /**
   * Appends all remaining bytes. On return they can be read through this gateway and are not
   * durable. Each run's segment is pinned once; the caller unpins it after the commit, or when it
   * drops the bytes.
   *
   * @param inode whose bytes, for the trailer
   * @param fileOffset where in the file
   * @param data 1 byte or more; the caller's again on return
   * @return the runs, contiguous in the file, usually one
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#THROTTLED} when
   *     staging is at its budget, {@link io.forebay.engine.ErrorCode#NO_SPACE}, {@link
   *     io.forebay.engine.ErrorCode#IO}; then nothing was appended that anybody will see
   */
  List<SegmentRun> append(InodeId inode, long fileOffset, ByteBuffer data);

  /** Idempotent. What was appended stays. */
  @Override
  void close();
}
