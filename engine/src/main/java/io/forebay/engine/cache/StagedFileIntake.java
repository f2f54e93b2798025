package io.forebay.engine.cache;

import io.forebay.engine.segment.CacheHandover;
import io.forebay.engine.segment.SegmentId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes staged files cached ones: by a rename where staging and cache share a file system. */
final class StagedFileIntake implements CacheHandover {
  private static final Logger log = LoggerFactory.getLogger(StagedFileIntake.class);

  private final CacheDisks disks;
  private final CacheContext context;

  StagedFileIntake(CacheDisks disks, CacheContext context) {
    this.disks = disks;
    this.context = context;
  }

  @Override
  public void adopt(SegmentId id, Path file, int dataLength, boolean proved) {
    List<CacheDisk> candidates = disks.candidates(id);
    for (CacheDisk disk : candidates) {
      if (disk.adoptByRename(id, file, dataLength, proved)) {
        return;
      }
    }
    for (CacheDisk disk : candidates) {
      if (disk.adoptByCopy(id, file, dataLength, proved)) {
        break;
      }
    }
    try {
      context.files().delete(file);
    } catch (IOException e) {
      // The next start clears it: its row says STORED.
      log.warn(
          "the staged file {}, which is in the bucket, cannot be deleted: {}", file, e.toString());
    }
  }

  @Override
  public void drop(SegmentId id) {
    disks.all().forEach(disk -> disk.drop(id));
  }

  @Override
  public void giveWay(long bytes) {
    disks.all().forEach(disk -> disk.shrinkBy(Math.max(bytes, 16L * Blocks.SIZE)));
  }
}
