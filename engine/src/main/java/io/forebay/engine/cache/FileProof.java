package io.forebay.engine.cache;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.segment.PageChecksums;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks blocks of cached files against their checksums, and discards files that fail. */
final class FileProof {
  private static final Logger log = LoggerFactory.getLogger(FileProof.class);
  private static final int CHUNK = 8 * PageChecksums.PAGE_SIZE;

  private final CacheMetrics metrics;

  FileProof(CacheMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * Whether the block is known to be right; its file is discarded when it is wrong.
   *
   * @throws EngineException {@link ErrorCode#SHUTTING_DOWN} when the thread is interrupted
   */
  boolean check(CacheDisk disk, CacheDisk.Opened opened, int block, PageChecksums checksums) {
    CachedFile file = opened.file();
    try {
      int bad = firstBadPage(opened, block, checksums);
      if (bad < 0) {
        file.verified(block);
        return true;
      }
      log.warn(
          "page {} of {} is damaged in the cache on {}; fetching it anew",
          bad,
          file.segment(),
          disk.directory());
      metrics.badLocalBlock();
    } catch (ClosedByInterruptException e) {
      throw new EngineException(ErrorCode.SHUTTING_DOWN, "interrupted while reading", e);
    } catch (ClosedChannelException e) {
      // Another reader of the same open file was interrupted: no fault of the disk.
      return false;
    } catch (EOFException e) {
      log.warn("{} on {} is cut short; fetching it anew", file.name(), disk.directory());
      metrics.badLocalBlock();
    } catch (IOException e) {
      disk.failed("cannot read " + file.name(), e);
    }
    disk.discard(file);
    return false;
  }

  private static int firstBadPage(CacheDisk.Opened opened, int block, PageChecksums checksums)
      throws IOException {
    CachedFile file = opened.file();
    if (file.dataEnd() > checksums.dataLength()) {
      return checksums.pageCount();
    }
    int offset = block * Blocks.SIZE;
    int end = offset + Blocks.length(block, checksums.dataLength());
    if (!file.covers(offset, end)) {
      // Shorter than the block it says it is.
      return offset / PageChecksums.PAGE_SIZE;
    }
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(CHUNK, end - offset));
    for (int at = offset; at < end; at += CHUNK) {
      chunk.clear().limit(Math.min(CHUNK, end - at));
      readFully(opened.lease().channel(), chunk, file.position(at));
      int bad = checksums.firstBadPage(at, chunk.flip());
      if (bad >= 0) {
        return bad;
      }
    }
    return -1;
  }

  private static void readFully(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int n = channel.read(target, at);
      if (n < 0) {
        throw new EOFException("ends at " + at);
      }
      at += n;
    }
  }
}
