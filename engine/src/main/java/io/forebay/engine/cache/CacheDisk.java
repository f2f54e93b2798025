package io.forebay.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.forebay.engine.cache.DiskHealth.State;
import io.forebay.engine.segment.FileLease;
import io.forebay.engine.segment.OpenFiles;
import io.forebay.engine.segment.SegmentFiles;
import io.forebay.engine.segment.SegmentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cache directory: its index in memory, its files, its budget and its health. Admission and
 * eviction are Caffeine's W-TinyLFU, weighed in allocated bytes. Every failure of the disk is
 * counted and answered with "not here". Thread-safe.
 */
final class CacheDisk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CacheDisk.class);
  private static final int FOLDERS = 256;
  private static final int OPEN_FILES = 1024;
  private static final int COPY_CHUNK = 1 << 20;
  private static final int PROBE_BYTES = 4096;

  /** For deletions that are under way. */
  private static final Duration SHRINK_PATIENCE = Duration.ofSeconds(2);

  /** How much may be filled between two looks at the free space. */
  private static final long LOOK_AGAIN_BYTES = 32L << 20;

  private final Path directory;
  private final long budget;
  private final CacheContext context;
  private final DiskHealth health = new DiskHealth();
  private final OpenFiles<CachedFile> openFiles;
  private final Cache<Long, CachedFile> index;
  private final Chores chores;
  private final AtomicLong serials;
  private final AtomicLong roomLeft = new AtomicLong();
  private volatile boolean loaded;

  CacheDisk(Path directory, CacheContext context) {
    this.directory = directory;
    this.budget = context.bytesPerDirectory();
    this.context = context;
    this.openFiles = new OpenFiles<>(context.files(), OPEN_FILES);
    this.chores = new Chores(context.executor());
    this.serials = new AtomicLong(context.time().epochNanos());
    this.index =
        Caffeine.newBuilder()
            .maximumWeight(budget)
            .weigher((Long key, CachedFile file) -> file.weight())
            .executor(chores)
            .removalListener(this::removed)
            .build();
  }

  /** A file that was found, open. */
  record Opened(CachedFile file, FileLease lease) {}

  Path directory() {
    return directory;
  }

  State state() {
    return health.state();
  }

  /** Allocated bytes of all files. */
  long usedBytes() {
    return index.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
  }

  // --- the index

  /** Reads the names of the files; what cannot be read is a disk that is down. */
  void load() {
    try {
      long files = 0;
      for (int i = 0; i < FOLDERS; i++) {
        Path folder = directory.resolve(String.format("%02x", i));
        context.files().createDirectories(folder);
        for (Path file : context.files().list(folder)) {
          files += loadFile(file) ? 1 : 0;
        }
      }
      index.cleanUp();
      loaded = true;
      lookAtFreeSpace();
      log.info("cache {}: {} files", directory, files);
    } catch (IOException e) {
      health.unusable();
      report("cannot be used", e);
    }
  }

  private boolean loadFile(Path path) throws IOException {
    Optional<CachedFile> file = CachedFile.parse(String.valueOf(path.getFileName()));
    if (file.isEmpty() || !directory.resolve(file.get().name()).equals(path)) {
      clear(path);
      return false;
    }
    serials.accumulateAndGet(file.get().serial(), Math::max);
    CachedFile present = index.asMap().get(file.get().key());
    if (present != null && present.serial() == file.get().serial()) {
      // Found by an earlier load that failed: the same file, which replacing it would delete.
      return true;
    }
    index.put(file.get().key(), file.get());
    return true;
  }

  /** Half written when the process ended; or nothing of ours, then it may well stay. */
  private void clear(Path path) {
    try {
      context.files().delete(path);
    } catch (IOException e) {
      log.warn("{} is no file of the cache and cannot be deleted: {}", path, e.toString());
    }
  }

  private @Nullable CachedFile find(SegmentId segment, int offset, int end) {
    int block = Blocks.of(offset);
    CachedFile file = index.getIfPresent(Blocks.key(segment, block));
    if (file == null && block > 0) {
      file = index.getIfPresent(Blocks.key(segment, 0));
    }
    return file != null && file.covers(offset, end) ? file : null;
  }

  /** Whether a range within one block is here. */
  boolean has(SegmentId segment, int offset, int end) {
    return health.state() != State.DOWN && find(segment, offset, end) != null;
  }

  /** Opens the file that has a range within one block. */
  Optional<Opened> open(SegmentId segment, int offset, int end) {
    if (health.state() == State.DOWN) {
      return Optional.empty();
    }
    CachedFile file = find(segment, offset, end);
    if (file == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Opened(file, openFiles.acquire(file, pathOf(file))));
    } catch (NoSuchFileException e) {
      index.asMap().remove(file.key(), file);
      return Optional.empty();
    } catch (IOException e) {
      failed("cannot open " + file.name(), e);
      return Optional.empty();
    }
  }

  /** Removes a file whose bytes are wrong or cannot be read. */
  void discard(CachedFile file) {
    index.asMap().remove(file.key(), file);
  }

  /** Removes what is there of a segment. */
  void drop(SegmentId segment) {
    for (int block = 0; block < 4; block++) {
      index.invalidate(Blocks.key(segment, block));
    }
  }

  /** All files, in no order, weakly consistent. */
  Iterator<CachedFile> files() {
    return index.asMap().values().iterator();
  }

  private void removed(@Nullable Long key, @Nullable CachedFile file, RemovalCause cause) {
    if (file == null) {
      return;
    }
    openFiles.forget(file);
    if (cause == RemovalCause.SIZE) {
      context.metrics().evicted(file.weight());
    }
    try {
      context.files().delete(pathOf(file));
    } catch (IOException e) {
      failed("cannot delete " + file.name(), e);
    }
  }

  private Path pathOf(CachedFile file) {
    return directory.resolve(file.name());
  }

  // --- filling

  private boolean takesMore(long bytes) {
    if (health.state() != State.NORMAL || !loaded || bytes > budget) {
      return false;
    }
    if (roomLeft.addAndGet(-bytes) < 0) {
      lookAtFreeSpace();
      return roomLeft.addAndGet(-bytes) >= 0;
    }
    return true;
  }

  /**
   * Writes a block.
   *
   * @return a lease, good even when the index has turned the block away; empty when it could not be
   *     written
   */
  Optional<FileLease> fill(SegmentId segment, int block, ByteBuffer bytes) {
    if (!takesMore(bytes.remaining())) {
      return Optional.empty();
    }
    CachedFile file = new CachedFile(segment, block, bytes.remaining(), serials.incrementAndGet());
    Path path = pathOf(file);
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      try (SegmentFiles.StoredFile out = context.files().create(temporary)) {
        out.write(bytes.duplicate(), 0);
      }
      context.files().rename(temporary, path);
      FileLease lease = openFiles.acquire(file, path);
      file.allVerified();
      index.put(file.key(), file);
      return Optional.of(lease);
    } catch (IOException e) {
      fillFailed(path, temporary, e);
      return Optional.empty();
    }
  }

  private void fillFailed(Path path, Path temporary, IOException e) {
    if (isFull(e)) {
      shrinkBy(4L * Blocks.SIZE);
    } else {
      failed("cannot write", e);
    }
    clear(temporary);
    clear(path);
  }

  private static boolean isFull(IOException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("No space left") || text.contains("quota exceeded");
  }

  /** Takes a staged file over by renaming it; false when it is still where it was. */
  boolean adoptByRename(SegmentId segment, Path from, int dataLength, boolean proved) {
    if (!takesMore(dataLength)) {
      return false;
    }
    CachedFile file = new CachedFile(segment, 0, dataLength, serials.incrementAndGet());
    try {
      context.files().rename(from, pathOf(file));
    } catch (IOException e) {
      // On another file system, most likely: no fault of this disk.
      return false;
    }
    admit(file, proved);
    return true;
  }

  /** Takes a copy of a staged file that lies on another file system. */
  boolean adoptByCopy(SegmentId segment, Path from, int dataLength, boolean proved) {
    if (!takesMore(dataLength)) {
      return false;
    }
    CachedFile file = new CachedFile(segment, 0, dataLength, serials.incrementAndGet());
    Path path = pathOf(file);
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      try (SegmentFiles.StoredFile in = context.files().open(from);
          SegmentFiles.StoredFile out = context.files().create(temporary)) {
        ByteBuffer chunk = ByteBuffer.allocate(COPY_CHUNK);
        for (int at = 0; at < dataLength; at += COPY_CHUNK) {
          chunk.clear().limit(Math.min(COPY_CHUNK, dataLength - at));
          in.read(chunk, at);
          out.write(chunk.flip(), at);
        }
      }
      context.files().rename(temporary, path);
    } catch (IOException e) {
      fillFailed(path, temporary, e);
      return false;
    }
    admit(file, proved);
    return true;
  }

  private void admit(CachedFile file, boolean proved) {
    if (proved) {
      file.allVerified();
    }
    index.put(file.key(), file);
  }

  // --- space and health

  /** Lets the cache have what is free above the floor, and its budget at most. */
  void lookAtFreeSpace() {
    try {
      long spare = context.files().usableBytes(directory) - context.minimumFreeBytes();
      long most = Math.min(budget, Math.max(0, usedBytes() + spare));
      resize(most);
      roomLeft.set(spare <= 0 ? 0 : Math.min(LOOK_AGAIN_BYTES, spare));
    } catch (IOException e) {
      roomLeft.set(0);
      failed("does not tell its free space", e);
    }
  }

  /** Frees at least that much; what is not in use is gone from the disk on return. */
  void shrinkBy(long bytes) {
    resize(Math.max(0, usedBytes() - bytes));
    roomLeft.set(0);
    chores.awaitDone(SHRINK_PATIENCE.toNanos());
  }

  private void resize(long most) {
    index.policy().eviction().ifPresent(eviction -> eviction.setMaximum(most));
    index.cleanUp();
  }

  /** An access failed for the disk's fault. */
  void failed(String what, IOException e) {
    context.metrics().diskFailed();
    health.failed();
    report(what, e);
  }

  private void report(String what, IOException e) {
    String sentence = "the cache on " + directory + " " + what + ": " + e;
    if (context.problems().report("cache " + directory, sentence)) {
      log.warn("{}; going on without it where needed", sentence);
    }
  }

  /** Now and then: looks at the free space of a good disk, probes another. */
  void runOnce() {
    if (health.state() == State.NORMAL && loaded) {
      lookAtFreeSpace();
      return;
    }
    Path file = directory.resolve("probe");
    try {
      context.files().createDirectories(directory);
      context.files().delete(file);
      try (SegmentFiles.StoredFile probe = context.files().create(file)) {
        probe.write(ByteBuffer.allocate(PROBE_BYTES), 0);
        probe.force();
        probe.read(ByteBuffer.allocate(PROBE_BYTES), 0);
      }
      context.files().delete(file);
    } catch (IOException e) {
      health.failed();
      report("fails its probe", e);
      return;
    }
    if (!loaded) {
      load();
    }
    if (loaded && health.probed() == State.NORMAL) {
      context.problems().clear("cache " + directory);
      log.info("the cache on {} works again", directory);
      lookAtFreeSpace();
    }
  }

  @Override
  public void close() {
    openFiles.close();
  }
}
