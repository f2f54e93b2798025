package io.forebay.engine.file;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentWriter;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes to live files: into staging, then over what is committed, in memory. A writer that meets a
 * bound of the uncommitted commits first. Thread-safe.
 */
final class FileWriter {
  private final SegmentWriter writer;
  private final LiveFiles files;
  private final Commits commits;
  private final DirtyFlush flush;
  private final SpaceUsage space;
  private final FileLimits limits;
  private final TimeSource time;

  FileWriter(
      SegmentWriter writer,
      LiveFiles files,
      Commits commits,
      DirtyFlush flush,
      SpaceUsage space,
      FileLimits limits,
      TimeSource time) {
    this.writer = writer;
    this.files = files;
    this.commits = commits;
    this.flush = flush;
    this.space = space;
    this.limits = limits;
    this.time = time;
  }

  /**
   * Writes all of {@code data}, visible and uncommitted on return.
   *
   * @return the attributes after
   */
  FileAttributes write(LiveFile live, long offset, ByteBuffer data) {
    int length = data.remaining();
    requireRange(offset, length);
    if (length == 0) {
      return live.visible();
    }
    space.requireRoom(length);
    makeRoom(live, length);
    List<SegmentRun> runs = append(live, offset, data);
    return live.write(runs, time.epochNanos(), time.monotonicNanos());
  }

  private static void requireRange(long offset, int length) {
    if (offset < 0 || length > FileSystem.MAX_TRANSFER) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a range to write");
    }
    if (offset > FileSystem.MAX_FILE_SIZE - length) {
      throw new EngineException(ErrorCode.FILE_TOO_LARGE, "a file ends at 2^57 bytes");
    }
  }

  private void makeRoom(LiveFile live, int length) {
    if (live.isFull(length, limits)) {
      commits.commit(live, Durability.LOCAL);
    }
    if (files.totals().isAbove(limits)) {
      flush.relieve();
    }
  }

  private List<SegmentRun> append(LiveFile live, long offset, ByteBuffer data) {
    try {
      return live.stream(writer).append(live.id(), offset, data.duplicate());
    } catch (EngineException e) {
      if (e.code() == ErrorCode.THROTTLED) {
        // What is uncommitted holds staging; the client will be back.
        commits.commit(live, Durability.LOCAL);
      }
      throw e;
    }
  }
}
