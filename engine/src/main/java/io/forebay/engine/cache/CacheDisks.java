package io.forebay.engine.cache;

import io.forebay.engine.segment.FileLease;
import io.forebay.engine.segment.SegmentId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All cache directories. A segment has its favourite one, by hashing (the same as long as the
 * directories are), and is found on any. Thread-safe.
 */
final class CacheDisks implements AutoCloseable {
  private final List<CacheDisk> disks;

  CacheDisks(CacheContext context) {
    List<CacheDisk> opened = new ArrayList<>();
    for (Path directory : context.directories()) {
      CacheDisk disk = new CacheDisk(directory, context);
      disk.load();
      context.metrics().watch(disk);
      opened.add(disk);
    }
    this.disks = List.copyOf(opened);
  }

  List<CacheDisk> all() {
    return disks;
  }

  /** Disks that take new files, the favourite first. */
  List<CacheDisk> candidates(SegmentId segment) {
    return disks.stream()
        .filter(disk -> disk.state() == DiskHealth.State.NORMAL)
        .sorted(Comparator.comparingLong(disk -> rank(segment, disk)))
        .toList();
  }

  /** Rendezvous hashing: a directory that comes or goes moves only its own share. */
  private static long rank(SegmentId segment, CacheDisk disk) {
    long mixed =
        (segment.value() ^ disk.directory().toString().hashCode() * 0x9E3779B97F4A7C15L)
            * 0xBF58476D1CE4E5B9L;
    return mixed ^ mixed >>> 31;
  }

  /** A file found, with its disk. */
  record Found(CacheDisk disk, CacheDisk.Opened opened) {}

  Optional<Found> open(SegmentId segment, int offset, int end) {
    for (CacheDisk disk : disks) {
      Optional<CacheDisk.Opened> opened = disk.open(segment, offset, end);
      if (opened.isPresent()) {
        return Optional.of(new Found(disk, opened.get()));
      }
    }
    return Optional.empty();
  }

  boolean has(SegmentId segment, int offset, int end) {
    return disks.stream().anyMatch(disk -> disk.has(segment, offset, end));
  }

  /** Writes a block to a disk that takes it. */
  Optional<FileLease> fill(SegmentId segment, int block, ByteBuffer bytes) {
    for (CacheDisk disk : candidates(segment)) {
      Optional<FileLease> lease = disk.fill(segment, block, bytes);
      if (lease.isPresent()) {
        return lease;
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    disks.forEach(CacheDisk::close);
  }
}
