package io.forebay.engine.cache;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentFormat;
import io.forebay.engine.segment.SegmentId;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads pages and proves them. Bounds the downloads at once, and with them the memory: a block
 * passes through one of as many buffers. Thread-safe.
 */
final class BlockFetcher {
  private static final Logger log = LoggerFactory.getLogger(BlockFetcher.class);

  /** A bad page may be the network's fault, or a cache's on the way. */
  private static final int TRIES = 3;

  private final ObjectStore store;
  private final CacheMetrics metrics;
  private final Semaphore permits;
  private final ConcurrentLinkedQueue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

  BlockFetcher(ObjectStore store, int concurrency, CacheMetrics metrics) {
    this.store = store;
    this.metrics = metrics;
    this.permits = new Semaphore(concurrency);
  }

  /** What to do with bytes that were fetched; they are gone when it returns. */
  interface Use<R> {
    R of(ByteBuffer bytes);
  }

  /** Downloads a whole block through a pooled buffer. */
  <R> R block(SegmentId segment, int block, PageChecksums checksums, Use<R> use) {
    int length = Blocks.length(block, checksums.dataLength());
    permits.acquireUninterruptibly();
    ByteBuffer buffer = null;
    try {
      ByteBuffer pooled = buffers.poll();
      buffer = pooled == null ? ByteBuffer.allocateDirect(Blocks.SIZE) : pooled;
      buffer.clear().limit(length);
      fetch(segment, block * Blocks.SIZE, buffer, checksums);
      return use.of(buffer.asReadOnlyBuffer());
    } finally {
      if (buffer != null) {
        buffers.add(buffer);
      }
      permits.release();
    }
  }

  /**
   * Downloads a few pages.
   *
   * @param first and {@code last}: page numbers
   */
  ByteBuffer pages(SegmentId segment, int first, int last, PageChecksums checksums) {
    int offset = first * PageChecksums.PAGE_SIZE;
    int end = Math.min((last + 1) * PageChecksums.PAGE_SIZE, checksums.dataLength());
    ByteBuffer bytes = ByteBuffer.allocate(end - offset);
    permits.acquireUninterruptibly();
    try {
      fetch(segment, offset, bytes, checksums);
      return bytes;
    } finally {
      permits.release();
    }
  }

  /** Fills {@code target}, proved; its position is where it was. */
  private void fetch(SegmentId segment, int offset, ByteBuffer target, PageChecksums checksums) {
    int start = target.position();
    String wrong = "";
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      target.position(start);
      try {
        store.get(SegmentFormat.objectKey(segment), offset, target);
        target.position(start);
        int bad = checksums.firstBadPage(offset, target);
        if (bad < 0) {
          return;
        }
        wrong = "page " + bad + " of " + segment + " has a wrong checksum";
      } catch (StoreException e) {
        wrong = segment + ": " + e.getMessage();
        if (e.kind() != StoreException.Kind.CORRUPT) {
          throw translate(segment, e);
        }
      }
      metrics.badDownload();
      log.warn("bad bytes from the bucket, try {} of {}: {}", attempt, TRIES, wrong);
    }
    throw new EngineException(ErrorCode.CORRUPT, "the bucket has wrong bytes: " + wrong);
  }

  private static EngineException translate(SegmentId segment, StoreException e) {
    return switch (e.kind()) {
      case MISSING ->
          new EngineException(
              ErrorCode.CORRUPT, segment + " is neither here nor in the bucket: " + e.getMessage());
      case DOWN, THROTTLED, AMBIGUOUS, REFUSED, CONFLICT, CORRUPT ->
          new EngineException(
              ErrorCode.UNAVAILABLE,
              segment + " cannot be read from the bucket: " + e.getMessage());
    };
  }
}
