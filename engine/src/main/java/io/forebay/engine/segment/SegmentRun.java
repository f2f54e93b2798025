package io.forebay.engine.segment;

import io.forebay.engine.InodeId;

/**
 * Bytes as they were written: what a segment's trailer lists, and what a file can be recovered from
 * when the metadata is lost.
 *
 * @param slice where in the segment
 * @param inode whose bytes; of an object under way, the inode number it will be published with
 * @param fileOffset where in the file
 * @param crc32c of exactly these bytes, taken when they came in
 */
public record SegmentRun(SegmentSlice slice, InodeId inode, long fileOffset, int crc32c) {}
