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
  private final TreeEdits tree;
  private final DirtyRescue rescue;
  private final TimeSource time;

  Commits(
      MetadataStore store,
      SegmentWriter writer,
      SegmentReader reader,
      TreeEdits tree,
      TimeSource time) {
    this.store = store;
    this.writer = writer;
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
      run(live, snapshot, live.level(level), OptionalLong.empty(), null);
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
    CommitTurn.Attempt attempt = live.turn().take();
    try (CommitSnapshot snapshot = live.snapshot(time.monotonicNanos())) {
      run(live, snapshot, live.level(level), size, change);
      live.turn().covers(attempt, snapshot.upTo());
    } finally {
      live.turn().end(attempt, null);
    }
  }

  private void run(
      LiveFile live,
      CommitSnapshot snapshot,
      Durability level,
      OptionalLong size,
      @Nullable InodeChange change) {
    if (snapshot.isEmpty() && change == null && !live.owesChange()) {
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
        apply(tx, live, snapshot, size, change);
        return true;
      });
    } finally {
      live.endChange();
    }
  }

  private void apply(
      Transaction tx,
      LiveFile live,
      CommitSnapshot snapshot,
      OptionalLong size,
      @Nullable InodeChange change) {
    Inode before = tree.require(tx, live.id());
    long oldSize = before.attributes().size();
    long newSize = size.orElse(Math.max(oldSize, snapshot.end()));
    List<Extent> extents = snapshot.extents(newSize);
    boolean cut = size.isPresent() && (newSize != oldSize || newSize < snapshot.end());
    boolean moves = cut || !extents.isEmpty();
    long version =
        cut ? live.nextChange(before.attributes().change(), tx.now()) : snapshot.version();
    if (!extents.isEmpty()) {
      tx.putExtents(live.id(), extents);
      tx.addRuns(snapshot.runs());
    }
    if (cut && newSize < oldSize) {
      tx.truncateExtents(live.id(), newSize);
    }
    InodeEdit edit = tx.require(live.id()).edit();
    if (moves) {
      edit.size(newSize)
          .contentVersion(version)
          .contentTime(cut ? tx.now() : snapshot.writtenNanos());
    }
    if (change != null) {
      change.apply(before, edit, tx.now());
    }
    // Not what was shown with writes since: they may vanish, and their change with them.
    tx.put(edit.shown(snapshot.shown()).done());
    if (moves) {
      live.expect(
          snapshot, extents, cut ? OptionalLong.of(newSize) : OptionalLong.empty(), version);
    }
  }

  /** Who has pinned the content that is about to change keeps the list of its extents. */
  private void preserve(LiveFile live, Set<FilePin> pinned) {
    if (pinned.isEmpty()) {
      return;
    }
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
      return;
    }
    Set<SegmentId> segments = new LinkedHashSet<>();
    all.forEach(extent -> segments.add(extent.slice().segment()));
    ExtentWindow whole = new ExtentWindow(0, Long.MAX_VALUE, all);
    pinned.forEach(pin -> pin.preserve(whole, segments));
  }

  /** Whether a commit failed because there is nothing left to commit to. */
  static boolean isGone(EngineException e) {
    return e.code() == ErrorCode.STALE;
  }
}
