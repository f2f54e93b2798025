package io.forebay.engine.shipping;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.VolumeId;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.ObjectStore.ListPage;
import io.forebay.engine.object.ObjectStore.Stat;
import io.forebay.engine.object.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the database together: the newest snapshot that is whole, and the log behind it as far as
 * its chain holds. A gap, a damaged or a foreign object ends the log there; what is before is a
 * state that was committed. Two objects at a time are in memory.
 */
final class LogReplay {
  private final ObjectStore store;
  private final VolumeId volume;
  private final RecoveryReport.Progress progress;

  LogReplay(ObjectStore store, VolumeId volume, RecoveryReport.Progress progress) {
    this.store = store;
    this.volume = volume;
    this.progress = progress;
  }

  /**
   * What was put together.
   *
   * @param moment of the last commit, since 1970-01-01T00:00:00Z
   * @param objects of the log that were used
   * @param isComplete whether nothing follows that could not be used
   */
  record Result(long moment, long objects, boolean isComplete) {}

  /**
   * Restores.
   *
   * @param file replaced
   * @throws EngineException {@link ErrorCode#CORRUPT} when no snapshot is whole
   */
  Result restore(Path file) throws IOException {
    List<LogKeys.Place> manifests = manifests();
    if (manifests.isEmpty()) {
      throw new EngineException(
          ErrorCode.CORRUPT,
          "the bucket ("
              + store.describe()
              + ") has no snapshot of the metadata; contents of files can be recovered by inode"
              + " (--from-segments)");
    }
    boolean isNewest = true;
    for (LogKeys.Place place : manifests.reversed()) {
      try {
        Manifest manifest = manifest(place);
        progress.accept(
            "snapshot of generation %d, sequence %d: %d pages"
                .formatted(place.generation(), place.sequence(), manifest.pages()));
        try (RestoredFile restored = new RestoredFile(file, manifest.pageBytes())) {
          pieces(manifest, restored);
          Result result = replay(manifest, restored);
          boolean later = !isNewest && newestGeneration(manifests) != place.generation();
          return later ? new Result(result.moment(), result.objects(), false) : result;
        }
      } catch (DamagedLogException e) {
        progress.accept(
            "the snapshot of generation %d, sequence %d cannot be used: %s"
                .formatted(place.generation(), place.sequence(), e.getMessage()));
        isNewest = false;
      }
    }
    throw new EngineException(
        ErrorCode.CORRUPT,
        "no snapshot in the bucket is whole; contents of files can be recovered by inode"
            + " (--from-segments)");
  }

  private static long newestGeneration(List<LogKeys.Place> manifests) {
    return manifests.getLast().generation();
  }

  private List<LogKeys.Place> manifests() {
    List<LogKeys.Place> found = new ArrayList<>();
    String after = "";
    while (true) {
      ListPage page = store.list(LogKeys.SNAPSHOTS, after, ObjectStore.MAX_LIST_PAGE);
      for (Stat object : page.objects()) {
        after = object.key();
        if (LogKeys.isManifest(object.key())) {
          LogKeys.parseSnapshot(object.key()).ifPresent(found::add);
        }
      }
      if (!page.truncated()) {
        return found;
      }
    }
  }

  private Manifest manifest(LogKeys.Place place) throws DamagedLogException {
    Manifest manifest = Manifest.decode(fetch(LogKeys.manifest(place), Manifest.MAX_BYTES));
    if (!manifest.place().equals(place) || !manifest.volume().equals(volume.toString())) {
      throw new DamagedLogException("its manifest is another's");
    }
    return manifest;
  }

  private ByteBuffer fetch(String key, int maximum) throws DamagedLogException {
    try {
      return store.fetch(key, maximum).bytes();
    } catch (StoreException e) {
      switch (e.kind()) {
        case MISSING -> throw new DamagedLogException(key + " is missing");
        case CORRUPT -> throw new DamagedLogException(key + ": " + e.getMessage());
        default -> throw e;
      }
    }
  }

  private PagesObject object(String key, LogKeys.Place place) throws DamagedLogException {
    PagesObject object;
    try {
      object = PagesObject.decode(fetch(key, PagesObject.MAX_OBJECT_BYTES));
    } catch (DamagedLogException e) {
      throw new DamagedLogException(key + ": " + e.getMessage());
    }
    if (!object.header().volume().equals(volume) || !object.header().place().equals(place)) {
      throw new DamagedLogException(key + " is another's");
    }
    return object;
  }

  private void pieces(Manifest manifest, RestoredFile restored)
      throws IOException, DamagedLogException {
    Digest previous = manifest.log();
    for (int i = 0; i < manifest.pieces(); i++) {
      String key = LogKeys.piece(manifest.place(), i);
      PagesObject piece = object(key, manifest.place());
      PagesObject.Header header = piece.header();
      if (header.kind() != PagesObject.Kind.SNAPSHOT
          || header.piece() != i
          || header.pageBytes() != manifest.pageBytes()
          || !header.previous().equals(previous)) {
        throw new DamagedLogException(key + " is out of order");
      }
      piece.pages(restored::page);
      previous = piece.digest();
    }
    if (!previous.equals(manifest.lastPiece())) {
      throw new DamagedLogException("its last piece is another's");
    }
    restored.pages(manifest.pages());
  }

  // --- the log

  /** The state of a replay. */
  private static final class Chain {
    private final List<LogKeys.Place> part = new ArrayList<>();
    private long sequence;
    private Digest last;
    private long moment;
    private long objects;

    Chain(Manifest from) {
      this.sequence = from.place().sequence();
      this.last = from.log();
      this.moment = from.takenNanos();
    }
  }

  private Result replay(Manifest from, RestoredFile restored)
      throws IOException, DamagedLogException {
    Chain chain = new Chain(from);
    long generation = from.place().generation();
    while (true) {
      List<LogKeys.Place> candidates = candidates(generation, chain.sequence + 1);
      if (candidates.isEmpty()) {
        break;
      }
      PagesObject next = choose(candidates, chain);
      if (next == null) {
        break;
      }
      apply(next, chain, restored);
    }
    boolean isCut = !chain.part.isEmpty() || follows(generation, chain);
    if (isCut) {
      progress.accept(
          "the log ends at sequence %d of generation %d although more follows: it is damaged there"
              .formatted(chain.sequence - chain.part.size(), generation));
    }
    return new Result(chain.moment, chain.objects, !isCut);
  }

  private boolean follows(long generation, Chain chain) {
    return !store
        .list(LogKeys.logs(generation), LogKeys.log(generation, chain.sequence + 1), 1)
        .objects()
        .isEmpty();
  }

  /** The objects with a sequence number: one for each epoch that wrote one. */
  private List<LogKeys.Place> candidates(long generation, long sequence) {
    return store
        .list(LogKeys.log(generation, sequence), "", ObjectStore.MAX_LIST_PAGE)
        .objects()
        .stream()
        .flatMap(object -> LogKeys.parseLog(object.key()).stream())
        .toList();
  }

  /**
   * The one of the latest owner that fits: what an earlier one wrote after it was replaced, not.
   */
  private @Nullable PagesObject choose(List<LogKeys.Place> candidates, Chain chain) {
    for (LogKeys.Place place : candidates.reversed()) {
      try {
        PagesObject object = object(LogKeys.log(place), place);
        if (object.header().kind() == PagesObject.Kind.LOG
            && object.header().previous().equals(chain.last)) {
          return object;
        }
        progress.accept(LogKeys.log(place) + " does not follow the one before it");
      } catch (DamagedLogException e) {
        progress.accept(String.valueOf(e.getMessage()));
      }
    }
    return null;
  }

  private void apply(PagesObject object, Chain chain, RestoredFile restored)
      throws IOException, DamagedLogException {
    PagesObject.Header header = object.header();
    if (header.pageBytes() != restored.pageBytes()) {
      throw new DamagedLogException(LogKeys.log(header.place()) + " has other pages");
    }
    chain.sequence++;
    chain.last = object.digest();
    if (!header.isWhole()) {
      // Proved, but not applied before the end of its transaction is proved too.
      chain.part.add(header.place());
      return;
    }
    for (LogKeys.Place place : chain.part) {
      object(LogKeys.log(place), place).pages(restored::page);
    }
    chain.objects += chain.part.size() + 1;
    chain.part.clear();
    object.pages(restored::page);
    restored.pages(header.databasePages());
    chain.moment = header.committedNanos();
  }
}
