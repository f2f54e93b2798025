package io.forebay.engine.assembly;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** What a volume says it can hold, in bytes. */
final class Capacity {
  /** An object store has no end; clients want a number. */
  private static final long OBJECT_STORE_BYTES = 1L << 50;

  private Capacity() {}

  /** By configuration; else a directory's disk, or a number for stores that know none. */
  static LongSupplier of(EngineConfig config) {
    if (config.capacityBytes() > 0) {
      return config::capacityBytes;
    }
    URI url = config.bucketUrl();
    if ("file".equals(url.getScheme())) {
      Path directory = Path.of(url.getPath());
      return () -> diskSize(directory);
    }
    return () -> OBJECT_STORE_BYTES;
  }

  private static long diskSize(Path directory) {
    try {
      FileStore disk = Files.getFileStore(directory);
      return disk.getTotalSpace();
    } catch (IOException e) {
      // The disk is away: whoever writes is told why; a number that is too large harms nobody.
      return OBJECT_STORE_BYTES;
    }
  }
}
