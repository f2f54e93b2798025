package io.forebay.engine.file;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.InodeWatcher;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.segment.SegmentPins;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The files that are live: in use, with uncommitted writes, or in use not long ago, so that who
 * opens them again finds their extents in memory. Sees every commit, so that a live file's inode is
 * always the committed one. Thread-safe. An entry's lock is taken before the lock of its file,
 * never after.
 */
final class LiveFiles implements InodeWatcher {
  /** What a file weighs that is kept though nobody uses it, in extents. */
  private static final int IDLE_WEIGHT = 64;

  private final MetadataStore store;
  private final SegmentPins pins;
  private final FileLimits limits;
  private final DirtyTotals totals = new DirtyTotals();
  private final AtomicLong cachedExtents = new AtomicLong();
  private final ConcurrentHashMap<InodeId, LiveFile> files = new ConcurrentHashMap<>();
  private final Cache<InodeId, LiveFile> idle;

  LiveFiles(MetadataStore store, SegmentPins pins, FileLimits limits) {
    this.store = store;
    this.pins = pins;
    this.limits = limits;
    this.idle =
        Caffeine.newBuilder()
            .maximumWeight(limits.cachedExtents())
            .weigher((InodeId id, LiveFile file) -> IDLE_WEIGHT + file.cachedExtents())
            .executor(Runnable::run)
            .evictionListener((@Nullable InodeId id, @Nullable LiveFile file, RemovalCause cause) ->
                evicted(file))
            .build();
  }

  DirtyTotals totals() {
    return totals;
  }

  /** Those that are live now; for background work. */
  List<LiveFile> all() {
    return List.copyOf(files.values());
  }

  /** Whether a file has no uncommitted writes. */
  boolean isClean(InodeId id) {
    LiveFile live = files.get(id);
    return live == null || !live.isDirty();
  }

  /**
   * Makes a file live, or takes part in it.
   *
   * @return to be {@link #release released}
   * @throws EngineException {@link ErrorCode#STALE}
   */
  LiveFile acquire(InodeId id) {
    LiveFile live =
        files.compute(
            id,
            (key, present) -> {
              LiveFile file = present == null ? create(key) : present;
              file.users++;
              return file;
            });
    boolean loaded = false;
    try {
      if (!live.isLoaded()) {
        live.load(
            store
                .inode(id)
                .orElseThrow(() -> new EngineException(ErrorCode.STALE, id + " is gone")));
      }
      loaded = true;
      return live;
    } finally {
      if (!loaded) {
        release(live);
      }
    }
  }

  private LiveFile create(InodeId id) {
    return new LiveFile(
        id,
        pins,
        new ExtentWindows(cachedExtents, limits.cachedExtents(), ExtentWindows.MAX_WINDOWS),
        totals);
  }

  /** The last user gone, a file without uncommitted writes stays for a while. */
  void release(LiveFile file) {
    boolean[] isIdle = {false};
    files.computeIfPresent(
        file.id(),
        (key, present) -> {
          present.users--;
          isIdle[0] = present.users == 0 && present.isIdle();
          if (present.users == 0) {
            present.versionBegun = false;
          }
          if (isIdle[0]) {
            present.rest();
          }
          return present;
        });
    if (isIdle[0]) {
      idle.put(file.id(), file);
    }
  }

  private void evicted(@Nullable LiveFile file) {
    if (file != null) {
      forget(file.id());
    }
  }

  /** Forgets a file that nobody uses and that has nothing to lose. */
  private void forget(InodeId id) {
    files.computeIfPresent(
        id,
        (key, present) -> {
          if (present.users > 0 || !present.isIdle()) {
            return present;
          }
          present.retire();
          return null;
        });
  }

  /** An inode's attributes as readers see them. Never blocks. */
  FileAttributes visible(Inode committed) {
    LiveFile live = files.get(committed.id());
    FileAttributes shown = live == null ? null : live.visibleOrNull();
    return shown == null ? committed.attributes() : shown;
  }

  @Override
  public void committed(InodeId id, Optional<Inode> inode) {
    LiveFile live = files.get(id);
    if (live != null) {
      live.committed(inode);
    }
  }

  /** The committed bytes of an inode are elsewhere now. */
  void moved(InodeId id) {
    LiveFile live = files.get(id);
    if (live != null) {
      live.moved();
    }
  }

  /** An inode without a name, and without a holder, is on its way out. */
  void discarded(InodeId id) {
    LiveFile live = files.get(id);
    if (live != null) {
      live.drop();
      forget(id);
      idle.invalidate(id);
    }
  }
}
