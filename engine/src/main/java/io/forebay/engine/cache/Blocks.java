package io.forebay.engine.cache;

import io.forebay.ambient.Invariant;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;

/** Numbers of blocks and pages, packed into longs: an index of millions has no room for objects. */
final class Blocks {
  /** Bytes of a block. */
  static final int SIZE = 4 << 20;

  /** Pages of a block. */
  static final int PAGES = SIZE / PageChecksums.PAGE_SIZE;

  private static final int BLOCK_BITS = 4;
  private static final int PAGE_BITS = 8;

  private Blocks() {}

  /** The block a segment's byte is in. */
  static int of(int offset) {
    return offset / SIZE;
  }

  /** Bytes of a block of a segment with that much data; 0 beyond its end. */
  static int length(int block, int dataLength) {
    return Math.max(0, Math.min(SIZE, dataLength - block * SIZE));
  }

  static long key(SegmentId segment, int block) {
    Invariant.check(block >= 0 && block < 1 << BLOCK_BITS, "block number", block);
    return segment.value() << BLOCK_BITS | block;
  }

  static long pageKey(SegmentId segment, int page) {
    Invariant.check(page >= 0 && page < 1 << PAGE_BITS, "page number", page);
    return segment.value() << PAGE_BITS | page;
  }
}
