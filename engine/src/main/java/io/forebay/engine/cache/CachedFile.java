package io.forebay.engine.cache;

import io.forebay.engine.segment.SegmentId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the cache: consecutive blocks of one segment, from the beginning of the file. Its name
 * tells all of it: {@code <segment>-<first block>-<length>-<serial>.blk}, all hexadecimal, in a
 * folder of the last two digits of the segment. The serial makes each name new, so that a late
 * deletion never hits a successor. Equality is identity.
 */
final class CachedFile {
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{16})-([0-3])-([0-9a-f]{1,7})-([0-9a-f]{1,16})\\.blk");
  private static final int ALLOCATION_UNIT = 4096;

  private final long segment;
  private final long serial;
  private final int firstBlock;
  private final int length;
  private int verifiedBlocks;

  CachedFile(SegmentId segment, int firstBlock, int length, long serial) {
    this.segment = segment.value();
    this.firstBlock = firstBlock;
    this.length = length;
    this.serial = serial;
  }

  /** Of a file name; empty for any other. */
  static Optional<CachedFile> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long segment = Long.parseUnsignedLong(matcher.group(1), 16);
    int firstBlock = Integer.parseInt(matcher.group(2));
    int length = Integer.parseInt(matcher.group(3), 16);
    int most = 4 * Blocks.SIZE - firstBlock * Blocks.SIZE;
    if (segment < 1 || length < 1 || length > most) {
      return Optional.empty();
    }
    long serial = Long.parseUnsignedLong(matcher.group(4), 16);
    return Optional.of(new CachedFile(new SegmentId(segment), firstBlock, length, serial));
  }

  long serial() {
    return serial;
  }

  /** The name below the cache directory. */
  String name() {
    return String.format(
        "%02x/%016x-%x-%x-%x.blk", segment & 0xff, segment, firstBlock, length, serial);
  }

  SegmentId segment() {
    return new SegmentId(segment);
  }

  long key() {
    return Blocks.key(segment(), firstBlock);
  }

  int firstBlock() {
    return firstBlock;
  }

  /** One after its last block. */
  int endBlock() {
    return firstBlock + (length + Blocks.SIZE - 1) / Blocks.SIZE;
  }

  /** Whether the file has all of a range of the segment's data. */
  boolean covers(int offset, int end) {
    int start = firstBlock * Blocks.SIZE;
    return offset >= start && end <= start + length;
  }

  /** Where a byte of the segment is in the file. */
  int position(int offset) {
    return offset - firstBlock * Blocks.SIZE;
  }

  /** One after the last byte of the segment that the file has. */
  int dataEnd() {
    return firstBlock * Blocks.SIZE + length;
  }

  /** Allocated bytes; a little more for what an inode costs. */
  int weight() {
    return (length / ALLOCATION_UNIT + 2) * ALLOCATION_UNIT;
  }

  synchronized boolean isVerified(int block) {
    return (verifiedBlocks & 1 << (block - firstBlock)) != 0;
  }

  synchronized void verified(int block) {
    verifiedBlocks |= 1 << (block - firstBlock);
  }

  void allVerified() {
    for (int block = firstBlock; block < endBlock(); block++) {
      verified(block);
    }
  }
}
