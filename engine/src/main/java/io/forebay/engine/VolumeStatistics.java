package io.forebay.engine;

/**
 * Space and inodes of a volume.
 *
 * @param totalBytes what the volume may hold
 * @param freeBytes what is left of it
 * @param usedBytes bytes of extents that files own
 * @param totalInodes what the volume may hold
 * @param usedInodes inodes there are
 */
public record VolumeStatistics(
    long totalBytes, long freeBytes, long usedBytes, long totalInodes, long usedInodes) {}
