package io.forebay.engine.maintenance;

import io.forebay.engine.Progress;
import io.forebay.engine.metadata.SegmentUse;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.ObjectStore.ListPage;
import io.forebay.engine.object.ObjectStore.Stat;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.engine.segment.SegmentFormat;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentPins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds objects of segments that no row knows: uploads of processes that died before their first
 * commit, and what a volume had that was restored to an earlier moment. Fails closed: unless the
 * whole listing was told without an error and without a contradiction, nothing is deleted. An
 * object goes only if its id was given out in an epoch before this one, it is older than an age by
 * the store's own clock, and, looked at once more, neither a reader nor a row has to do with it.
 */
public final class OrphanCollector {
  private static final Logger log = LoggerFactory.getLogger(OrphanCollector.class);

  /** Bounds the memory; the next collection goes on. */
  private static final int MAX_CANDIDATES = 100_000;

  private final ObjectStore store;
  private final SegmentUse use;
  private final SegmentPins pins;
  private final LongSupplier firstIdOfEpoch;
  private final String clockKey;
  private final Duration age;

  /**
   * @param store one attempt a call: a connection that had to be made again ends the listing
   * @param firstIdOfEpoch ids from here on belong to this epoch or a later one; throws {@link
   *     io.forebay.engine.EngineException} without one
   * @param clockKey an object that is written every few seconds: its time is the store's
   */
  public OrphanCollector(
      ObjectStore store,
      SegmentUse use,
      SegmentPins pins,
      LongSupplier firstIdOfEpoch,
      String clockKey,
      Duration age) {
    this.store = store;
    this.use = use;
    this.pins = pins;
    this.firstIdOfEpoch = firstIdOfEpoch;
    this.clockKey = clockKey;
    this.age = age;
  }

  /**
   * What was found, and deleted unless it was a dry run.
   *
   * @param listed objects in the listing
   * @param failure why nothing, or not all, was deleted
   */
  public record Result(long listed, long orphans, long bytes, Optional<String> failure) {}

  /** Lists the whole bucket; deletes only after that. */
  public Result run(boolean dryRun, Progress progress) {
    long[] listed = {0};
    try {
      List<Stat> candidates = candidates(listed, progress);
      return sweep(candidates, dryRun, listed[0], progress);
    } catch (StoreException e) {
      log.warn("orphans stay, because the bucket's listing is not to be relied on: {}", e);
      return new Result(listed[0], 0, 0, Optional.of(e.toString()));
    }
  }

  private List<Stat> candidates(long[] listed, Progress progress) {
    long bound = firstIdOfEpoch.getAsLong();
    long youngest = storeNow() - age.toNanos();
    List<Stat> candidates = new ArrayList<>();
    String after = "";
    while (true) {
      ListPage page = store.list(SegmentFormat.FOLDER, after, ObjectStore.MAX_LIST_PAGE);
      check(page, after);
      for (Stat object : page.objects()) {
        long id = idOf(object.key());
        if (id >= 1
            && id < bound
            && object.modifiedNanos() < youngest
            && candidates.size() < MAX_CANDIDATES
            && isUnknown(new SegmentId(id))) {
          candidates.add(object);
        }
      }
      listed[0] += page.objects().size();
      progress.at("listing the bucket", listed[0], -1);
      if (!page.truncated()) {
        return candidates;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new StoreException(Kind.DOWN, "interrupted");
      }
      after = page.objects().getLast().key();
    }
  }

  private long storeNow() {
    return store
        .stat(clockKey)
        .orElseThrow(() -> new StoreException(Kind.DOWN, "the bucket does not tell its time"))
        .modifiedNanos();
  }

  /** A page that goes on is full, in order, and lies behind what came before. */
  private static void check(ListPage page, String after) {
    String last = after;
    for (Stat object : page.objects()) {
      if (!object.key().startsWith(SegmentFormat.FOLDER) || object.key().compareTo(last) <= 0) {
        throw new StoreException(Kind.CORRUPT, "the listing is not in order at " + object.key());
      }
      last = object.key();
    }
    if (page.truncated() && page.objects().size() < ObjectStore.MAX_LIST_PAGE) {
      throw new StoreException(Kind.CORRUPT, "the listing has a short page after " + after);
    }
  }

  /** The id of a key that is exactly a segment's; else 0. */
  private static long idOf(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    if (!name.matches("[0-7][0-9a-f]{15}")) {
      return 0;
    }
    long id = Long.parseLong(name, 16);
    return id >= 1 && SegmentFormat.objectKey(new SegmentId(id)).equals(key) ? id : 0;
  }

  /** In this order: without a pin nobody can give it a row any more. */
  private boolean isUnknown(SegmentId id) {
    return !pins.isPinned(id) && !use.isKnown(id);
  }

  private Result sweep(List<Stat> candidates, boolean dryRun, long listed, Progress progress) {
    long orphans = 0;
    long bytes = 0;
    for (Stat object : candidates) {
      SegmentId id = new SegmentId(idOf(object.key()));
      if (!isUnknown(id)) {
        continue;
      }
      if (!dryRun) {
        try {
          store.delete(object.key());
        } catch (StoreException e) {
          return new Result(listed, orphans, bytes, Optional.of(e.toString()));
        }
        log.info("deleted the orphan {}, {} bytes", object.key(), object.size());
      }
      orphans++;
      bytes += object.size();
      progress.at("orphans", orphans, candidates.size());
    }
    return new Result(listed, orphans, bytes, Optional.empty());
  }
}
