package io.forebay.engine.file;

import io.forebay.engine.ByteRange;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.Transaction;
import java.util.List;

/**
 * Copies by reference from file to file. The source's uncommitted writes are committed first; then
 * one transaction of the target shares the source's extents as they are at that moment. No turn of
 * one file is taken while another's is held. Thread-safe.
 */
final class SharedRanges {
  private final Commits commits;

  SharedRanges(Commits commits) {
    this.commits = commits;
  }

  /**
   * Shares a range.
   *
   * @return bytes done
   */
  long share(
      LiveFile source,
      ByteRange from,
      LiveFile target,
      long offset,
      int maxExtents,
      Durability wanted) {
    if (from.length() > FileSystem.MAX_FILE_SIZE || offset < 0) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a range to copy");
    }
    boolean same = source.id().equals(target.id());
    if (same && offset < from.end() && from.offset() < offset + from.length()) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a range overlaps its copy");
    }
    Durability level = target.level(wanted);
    commits.commit(source, level);
    long[] done = {0};
    commits.rewrite(
        target,
        level,
        (tx, size) -> {
          long length = length(tx, source.id(), same ? size : -1, from, maxExtents);
          done[0] = length;
          if (length == 0) {
            return size;
          }
          if (offset > FileSystem.MAX_FILE_SIZE - length) {
            throw new EngineException(ErrorCode.FILE_TOO_LARGE, "a file ends at 2^57 bytes");
          }
          tx.punch(target.id(), offset, offset + length);
          tx.copyExtents(source.id(), from.offset(), length, target.id(), offset);
          return Math.max(size, offset + length);
        });
    return done[0];
  }

  /** How much of the range there is, and is done at once. */
  private static long length(
      Transaction tx, InodeId source, long knownSize, ByteRange from, int maxExtents) {
    long size = knownSize < 0 ? tx.require(source).attributes().size() : knownSize;
    long end = Math.min(size, from.end());
    if (end <= from.offset()) {
      return 0;
    }
    if (maxExtents < Integer.MAX_VALUE) {
      List<Extent> some = tx.extents().overlapping(source, from.offset(), end, maxExtents + 1);
      if (some.size() > maxExtents) {
        end = some.getLast().fileOffset();
      }
    }
    return end - from.offset();
  }
}
