package io.forebay.engine.file;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Transaction;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes uncommitted writes durable, in the order of the design: bytes to the disk, for {@link
 * Durability#BUCKET} into the bucket, then one transaction. A file's commits take turns; those who
 * wait for a turn share the outcome of one that covers their writes. What is written while a commit
 * is under way stays uncommitted. A failure leaves everything as it was. Thread-safe.
 */
final class Commits {
  /** Extents remembered for who has pinned a file that is about to change: 24 MiB of memory. */
  private static final int MAX_PRESERVED = 1 << 20;

  private static final int PAGE = 4096;

  private final MetadataStore store;
  private final SegmentWriter writer;
  private final SegmentPins pins;
  private final TreeEdits tree;
  private final DirtyRescue rescue;
  private final TimeSource time;

  Commits(
      MetadataStore store,
      SegmentWriter writer,
      SegmentReader reader,
      SegmentPins pins,
      TreeEdits tree,
      TimeSource time) {
    this.store = store;
    this.writer = writer;
    this.pins = pins;
    this.rescue = new DirtyRescue(writer, reader);
    this.tree = tree;
    this.time = time;
  }

  /** A change of the inode that belongs into the same transaction as the content's. */
  interface InodeChange {
    /**
     * Checks and changes.
     *
     * @param before as it is in the transaction
     * @param edit with the content's change done
     * @throws EngineException to refuse all of it
     */
    void apply(Inode before, InodeEdit edit, long now);
  }

  /** A change of the content that is not written bytes: a hole, bytes shared with another file. */
  interface Rewrite {
    /**
     * Changes extents of the file, which has none that are not committed.
     *
     * @param size of the file
     * @return its size after, not less
     * @throws EngineException to refuse all of it
     */
    long apply(Transaction tx, long size);
  }

  private record Plan(OptionalLong size, @Nullable Rewrite rewrite, @Nullable InodeChange change) {
    static final Plan COMMIT = new Plan(OptionalLong.empty(), null, null);

    boolean isCommit() {
      return rewrite == null && change == null;
    }
  }

  /** Makes every write of the file that has completed durable. */
  void commit(LiveFile live, Durability level) {
    if (live.isIdle()) {
      return;
    }
    CommitTurn.Attempt attempt = live.turn().take(live.sequence());
    if (attempt == null) {
      return;
    }
    RuntimeException failure = null;
    try (CommitSnapshot snapshot = live.snapshot(time.monotonicNanos())) {
      live.turn().covers(attempt, snapshot.upTo());
      run(live, snapshot, live.level(level), Plan.COMMIT);
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    } finally {
      live.turn().end(attempt, failure);
    }
  }

  /**
   * Changes the size, or what else {@code change} does, as of now: what was written before is made
   * durable in the same transaction, cut off at the size.
   */
  void change(LiveFile live, Durability level, OptionalLong size, InodeChange change) {
    runAlone(live, level, new Plan(size, null, change));
  }

  /**
   * Changes the content as of now: what was written before is made durable first, in the same
   * transaction. What is written meanwhile stands over the change.
   */
  void rewrite(LiveFile live, Durability level, Rewrite rewrite) {
    runAlone(live, level, new Plan(OptionalLong.empty(), rewrite, null));
  }

  private void runAlone(LiveFile live, Durability level, Plan plan) {
    CommitTurn.Attempt attempt = live.turn().take();
    try (CommitSnapshot snapshot = live.snapshot(time.monotonicNanos())) {
      run(live, snapshot, live.level(level), plan);
      live.turn().covers(attempt, snapshot.upTo());
    } finally {
      live.turn().end(attempt, null);
    }
  }

  private void run(LiveFile live, CommitSnapshot snapshot, Durability level, Plan plan) {
    if (snapshot.isEmpty() && plan.isCommit() && !live.owesChange()) {
      return;
    }
    Set<SegmentId> segments = snapshot.segments();
    try {
      writer.sync(segments);
      if (level == Durability.BUCKET) {
        writer.store(segments);
      }
    } catch (EngineException e) {
      if (e.code() == ErrorCode.IO) {
        rescue.rescue(live, snapshot);
      }
      throw e;
    }
    Set<FilePin> pinned = live.beginChange();
    try {
      preserve(live, pinned);
      store.write(tx -> {
        apply(tx, live, snapshot, plan);
        return true;
      });
    } finally {
      live.endChange();
    }
  }

  private void apply(Transaction tx, LiveFile live, CommitSnapshot snapshot, Plan plan) {
    Inode before = tree.require(tx, live.id());
    long oldSize = before.attributes().size();
    long cutSize = plan.size().orElse(Math.max(oldSize, snapshot.end()));
    List<Extent> extents = snapshot.extents(cutSize);
    boolean cut = plan.size().isPresent() && (cutSize != oldSize || cutSize < snapshot.end());
    boolean changes = cut || !extents.isEmpty() || plan.rewrite() != null;
    if (changes && tree.history().overwritten(tx, before, live.versionBegun)) {
      tx.onCommit(() -> live.versionBegun = true);
    }
    if (!extents.isEmpty()) {
      tx.putExtents(live.id(), extents);
      tx.addRuns(snapshot.runs());
    }
    if (cut && cutSize < oldSize) {
      tx.truncateExtents(live.id(), cutSize);
    }
    Rewrite rewrite = plan.rewrite();
    long newSize = rewrite == null ? cutSize : rewrite.apply(tx, cutSize);
    boolean remade = cut || rewrite != null;
    boolean moves = remade || !extents.isEmpty();
    long version =
        remade ? live.nextChange(before.attributes().change(), tx.now()) : snapshot.version();
    InodeEdit edit = tx.require(live.id()).edit();
    if (moves) {
      edit.size(newSize)
          .contentVersion(version)
          .contentTime(remade ? tx.now() : snapshot.writtenNanos());
    }
    InodeChange change = plan.change();
    if (change != null) {
      change.apply(before, edit, tx.now());
    }
    // Not what was shown with writes since: they may vanish, and their change with them.
    tx.put(edit.shown(snapshot.shown()).done());
    if (moves) {
      OptionalLong sizeAfter = cut ? OptionalLong.of(newSize) : OptionalLong.empty();
      live.expect(snapshot, extents, sizeAfter, rewrite != null, version);
    }
  }

  /** Who has pinned the content that is about to change keeps the list of its extents. */
  private void preserve(LiveFile live, Set<FilePin> pinned) {
    while (!pinned.isEmpty() && !tryPreserve(live, pinned)) {
      // The bytes were moved between the look at the extents and the pins on their segments.
    }
  }

  private boolean tryPreserve(LiveFile live, Set<FilePin> pinned) {
    long layout = live.layout();
    List<Extent> all = new ArrayList<>();
    long from = 0;
    while (all.size() <= MAX_PRESERVED) {
      long start = from;
      List<Extent> page =
          store.read(
              snapshot -> snapshot.extents().overlapping(live.id(), start, Long.MAX_VALUE, PAGE));
      all.addAll(page);
      if (page.size() < PAGE) {
        break;
      }
      from = page.getLast().end();
    }
    if (all.size() > MAX_PRESERVED) {
      pinned.forEach(FilePin::lose);
      return true;
    }
    Set<SegmentId> segments = new LinkedHashSet<>();
    all.forEach(extent -> segments.add(extent.slice().segment()));
    pins.pinAll(segments);
    try {
      if (live.layout() != layout) {
        return false;
      }
      ExtentWindow whole = new ExtentWindow(0, Long.MAX_VALUE, all);
      pinned.forEach(pin -> pin.preserve(whole, segments));
      return true;
    } finally {
      pins.unpinAll(segments);
    }
  }

  /** Whether a commit failed because there is nothing left to commit to. */
  static boolean isGone(EngineException e) {
    return e.code() == ErrorCode.STALE;
  }
}
