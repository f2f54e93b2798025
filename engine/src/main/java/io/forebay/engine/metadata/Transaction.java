package io.forebay.engine.metadata;

import io.forebay.ambient.Invariant;
import io.forebay.engine.DirectoryUsage;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.Quota;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One operation's changes, inside the writer's current transaction. Either all of them commit, or,
 * when the operation throws, none. Inodes that change are written once a batch, however many
 * operations of it touched them; everything else goes to the database at once. Used on the writer
 * thread only, and only until the operation returns.
 */
public final class Transaction extends Snapshot {
  /** Extents in memory at a time. */
  private static final int PAGE = 1000;

  private final Batch batch;
  private final Batch.Changes changes = new Batch.Changes();
  private final Charges charges;
  private final HardLinks hardLinks;
  private final long now;

  Transaction(Batch batch, long now) {
    super(batch.sql());
    this.batch = batch;
    this.charges = new Charges(batch, changes);
    this.hardLinks = new HardLinks(batch.sql());
    this.now = now;
  }

  Batch.Changes changes() {
    return changes;
  }

  /** The moment of this operation, since 1970-01-01T00:00:00Z. */
  public long now() {
    return now;
  }

  // --- inodes

  /** As this operation has it: its own changes and those of earlier operations included. */
  @Override
  public Optional<Inode> inode(InodeId id) {
    Optional<Inode> own = changes.inodes.get(id);
    return own != null ? own : batch.inode(id);
  }

  /** An inode that a caller named; {@link ErrorCode#STALE} when it is gone. */
  public Inode require(InodeId id) {
    return inode(id).orElseThrow(() -> new EngineException(ErrorCode.STALE, id + " is gone"));
  }

  public InodeId newInodeId() {
    return new InodeId(batch.ids().next(sql(), IdCounters.INODE));
  }

  public void put(Inode inode) {
    put(inode(inode.id()), inode);
  }

  private void put(Optional<Inode> before, Inode inode) {
    charges.change(before, Optional.of(inode));
    changes.inodes.put(inode.id(), Optional.of(inode));
  }

  /** Adds a new inode and counts it. */
  public void create(Inode inode) {
    // Ids are never given out twice; looking in the database for each one would cost a query.
    Optional<Inode> known = changes.inodes.getOrDefault(inode.id(), batch.known(inode.id()));
    Invariant.check(known.isEmpty(), "an inode is created once", inode.id().value());
    put(Optional.empty(), inode);
    changes.inodeCount++;
    changes.bytes += inode.attributes().spaceUsed();
  }

  /** The inode's row goes. */
  private void erase(InodeId id) {
    charges.change(inode(id), Optional.empty());
    changes.inodes.put(id, Optional.empty());
    changes.inodeCount--;
    if (batch.hasQuotas() && quota(id).isPresent()) {
      setQuota(id, Optional.empty());
    }
  }

  // --- totals and quotas

  /** What lies below a directory, as this operation has it. */
  public DirectoryUsage totals(InodeId directory) {
    return charges.totals(directory);
  }

  /** A directory's own quota, as this operation has it. */
  public Optional<Quota> quota(InodeId directory) {
    Optional<Quota> own = changes.quotas.get(directory);
    return own != null ? own : batch.quota(directory);
  }

  /** Sets, replaces or removes a directory's quota; what is there already may be above it. */
  public void setQuota(InodeId directory, Optional<Quota> quota) {
    quota.ifPresentOrElse(
        limits -> Quotas.put(sql(), directory, limits), () -> Quotas.delete(sql(), directory));
    changes.quotas.put(directory, quota);
  }

  /** The operation ends here. {@link ErrorCode#QUOTA_EXCEEDED}. */
  void requireQuotas() {
    charges.requireQuotas();
  }

  // --- names of files that have several

  /**
   * A file gets another name, in {@code directory}.
   *
   * @param file before that
   */
  public void addName(Inode file, InodeId directory) {
    if (file.attributes().linkCount() == 1) {
      hardLinks.add(file.id(), home(file));
    }
    hardLinks.add(file.id(), directory);
  }

  /**
   * A file loses one of its names, in {@code directory}.
   *
   * @param file before that: it has several
   * @return its home from now on
   */
  public InodeId dropName(Inode file, InodeId directory) {
    hardLinks.drop(file.id(), directory);
    InodeId home = hardLinks.home(file.id(), home(file));
    if (file.attributes().linkCount() == 2) {
      hardLinks.forget(file.id());
    }
    return home;
  }

  /** One of a file's names moves; returns its home from now on. */
  public InodeId moveName(Inode file, InodeId from, InodeId to) {
    if (file.attributes().linkCount() == 1) {
      return to;
    }
    hardLinks.drop(file.id(), from);
    hardLinks.add(file.id(), to);
    return hardLinks.home(file.id(), home(file));
  }

  private static InodeId home(Inode file) {
    return file.parent()
        .orElseThrow(() -> new EngineException(ErrorCode.CORRUPT, file.id() + " has no home"));
  }

  // --- entries

  public Optional<Entry> entry(InodeId parent, FileName name) {
    return entries().find(parent, name);
  }

  /** Adds an entry; the caller has made sure that there is none of that name. */
  public Entry addEntry(InodeId parent, FileName name, InodeId inode, FileType type) {
    Entry entry = new Entry(parent, name, inode, type, batch.ids().next(sql(), IdCounters.COOKIE));
    entries().insert(entry);
    changes.entries.put(new EntryKey(parent, name), Optional.of(entry));
    return entry;
  }

  public void removeEntry(InodeId parent, FileName name) {
    entries().delete(parent, name);
    changes.entries.put(new EntryKey(parent, name), Optional.empty());
  }

  // --- content

  /**
   * Puts extents over what was there, and adds the difference to the inode's and the volume's
   * space.
   *
   * @param replacements do not overlap each other; in file order
   */
  public void putExtents(InodeId inode, List<Extent> replacements) {
    long delta = 0;
    for (Extent extent : replacements) {
      delta += cutHole(inode, extent.fileOffset(), extent.end());
      extents().insert(inode, extent);
      changes.addLive(extent.slice().segment(), extent.length());
      delta += extent.length();
    }
    addSpace(inode, delta);
  }

  /** Drops all bytes from {@code from} on. */
  public void truncateExtents(InodeId inode, long from) {
    addSpace(inode, cutHole(inode, from, Long.MAX_VALUE));
  }

  /** Makes a hole of [from, to): those bytes go, the size stays. */
  public void punch(InodeId inode, long from, long to) {
    addSpace(inode, cutHole(inode, from, to));
  }

  /**
   * Replaces an extent by others with the same bytes, if it is still exactly what it was.
   *
   * @param to covers what {@code from} does, in file order
   * @return whether it was
   */
  boolean relocate(InodeId inode, Extent from, List<Extent> to) {
    long covered = to.stream().mapToLong(Extent::length).sum();
    Invariant.check(
        covered == from.length() && to.getFirst().fileOffset() == from.fileOffset(),
        "a move covers what it moves",
        covered);
    if (!extents().deleteExactly(inode, from)) {
      return false;
    }
    changes.addLive(from.slice().segment(), -from.length());
    for (Extent extent : to) {
      extents().insert(inode, extent);
      changes.addLive(extent.slice().segment(), extent.length());
    }
    return true;
  }

  /** Registers committed runs, for the trailers of their segments. */
  public void addRuns(List<SegmentRun> runs) {
    for (SegmentRun run : runs) {
      segments().addRun(run);
      changes.addLive(run.slice().segment(), 0);
    }
  }

  private void addSpace(InodeId inode, long delta) {
    if (delta != 0) {
      put(require(inode).edit().addSpace(delta).done());
      changes.bytes += delta;
    }
    changes.contents.add(inode);
  }

  /** Returns the change in space, 0 or less. */
  private long cutHole(InodeId inode, long from, long to) {
    if (from >= to) {
      return 0;
    }
    long delta = 0;
    List<Extent> page;
    do {
      page = extents().overlapping(inode, from, to, PAGE);
      delta += cutPage(inode, from, to, page);
    } while (page.size() == PAGE);
    return delta;
  }

  private long cutPage(InodeId inode, long from, long to, List<Extent> page) {
    if (page.isEmpty()) {
      return 0;
    }
    Extent first = page.getFirst();
    Extent last = page.getLast();
    extents().deleteAll(inode, first.fileOffset(), last.fileOffset());
    if (first.fileOffset() < from) {
      extents().insert(inode, first.within(first.fileOffset(), from));
    }
    if (to < last.end()) {
      extents().insert(inode, last.within(to, last.end()));
    }
    long delta = 0;
    for (Extent old : page) {
      long cut = Math.min(to, old.end()) - Math.max(from, old.fileOffset());
      changes.addLive(old.slice().segment(), -cut);
      delta -= cut;
    }
    return delta;
  }

  /**
   * Lets {@code to} share what [offset, offset + length) of {@code from} has, in a few statements
   * however many extents that is.
   *
   * @param toOffset where those bytes begin in {@code to}, which has no bytes there
   */
  public void copyExtents(InodeId from, long offset, long length, InodeId to, long toOffset) {
    extents().copy(from, offset, offset + length, to, toOffset - offset);
    long copied = 0;
    for (Map.Entry<SegmentId, Long> share :
        extents().bytesBySegment(to, toOffset, toOffset + length).entrySet()) {
      changes.addLive(share.getKey(), share.getValue());
      copied += share.getValue();
    }
    addSpace(to, copied);
  }

  /**
   * Gives all extents of {@code from} to {@code to}, {@code shift} bytes further on.
   *
   * @param shift {@code to} has nothing from here on
   */
  public void moveExtents(InodeId from, InodeId to, long shift) {
    Invariant.check(
        extents().overlapping(to, shift, Long.MAX_VALUE, 1).isEmpty(),
        "extents are moved to where there are none",
        to.value());
    extents().rehome(from, to, shift);
    Inode source = require(from);
    long space = source.attributes().spaceUsed();
    put(source.edit().addSpace(-space).done());
    put(require(to).edit().addSpace(space).done());
    changes.contents.add(from);
    changes.contents.add(to);
  }

  // --- deletion

  /**
   * An inode has lost its last name and nobody holds it: queues what has to go. The inode stays
   * until that work is done, without a name.
   */
  public void discard(InodeId inode) {
    addWork(WorkKind.DELETE_INODE, inode.value());
  }

  /** An inode has lost its last name while somebody holds it. */
  public void orphan(InodeId inode) {
    sql().update("INSERT INTO orphan (inode) VALUES (?) ON CONFLICT DO NOTHING", inode.value());
  }

  /** The last holder of a nameless inode let go; nothing happens when it was no orphan. */
  public void discardOrphan(InodeId inode) {
    if (sql().update("DELETE FROM orphan WHERE inode = ?", inode.value()) > 0) {
      discard(inode);
    }
  }

  private void addWork(WorkKind kind, long subject) {
    sql()
        .update(
            "INSERT INTO work (kind, subject, created_ns) VALUES (?,?,?)",
            kind.code(),
            subject,
            now);
  }

  public void finishWork(long id) {
    sql().update("DELETE FROM work WHERE id = ?", id);
  }

  /**
   * One step of deleting a nameless inode.
   *
   * @param limit the most extents to delete
   * @return whether the inode is gone
   */
  public boolean deleteStep(InodeId id, int limit) {
    Optional<Inode> inode = inode(id);
    if (inode.isEmpty()) {
      return true;
    }
    List<Extent> some = extents().overlapping(id, 0, Long.MAX_VALUE, limit);
    long freed = 0;
    if (!some.isEmpty()) {
      extents().deleteAll(id, some.getFirst().fileOffset(), some.getLast().fileOffset());
    }
    for (Extent extent : some) {
      changes.addLive(extent.slice().segment(), -extent.length());
      freed += extent.length();
    }
    addSpace(id, -freed);
    if (some.size() == limit) {
      return false;
    }
    objects().delete(id);
    changes.objects.put(id, Optional.empty());
    extendedAttributes().deleteAll(id);
    erase(id);
    return true;
  }

  // --- objects

  /** As this operation has it. */
  public Optional<Objects.Row> object(InodeId inode) {
    return objects().find(inode);
  }

  /** What this operation itself has put, without asking the database. */
  public Optional<Objects.Row> putBefore(InodeId inode) {
    return changes.objects.getOrDefault(inode, Optional.empty());
  }

  public void putObject(InodeId inode, Objects.Row row) {
    objects().put(inode, row);
    changes.objects.put(inode, Optional.of(row));
  }

  public void removeObject(InodeId inode) {
    objects().delete(inode);
    changes.objects.put(inode, Optional.empty());
  }

  // --- extended attributes

  public void putExtendedAttribute(InodeId inode, String name, byte[] value) {
    extendedAttributes().put(inode, name, value);
  }

  public void removeExtendedAttribute(InodeId inode, String name) {
    extendedAttributes().delete(inode, name);
  }

  // --- settings and versions of buckets

  /** What is set of buckets, as this operation has it. */
  public SettingChanges bucketSettings() {
    return new SettingChanges(batch, changes, settings());
  }

  /** A number above all that versions had. */
  public long newVersion() {
    return batch.ids().next(sql(), IdCounters.VERSION);
  }

  // --- uploads

  public void addUpload(Uploads.Row row) {
    uploads().insert(row);
  }

  /** Adds or replaces a part; a replaced one's bytes go. */
  public void putPart(String upload, Uploads.Part part) {
    uploads().part(upload, part.number()).ifPresent(old -> discard(old.inode()));
    uploads().putPart(upload, part);
  }

  /**
   * Marks an upload as completed; all its parts go.
   *
   * @param emptied inodes of parts whose extents were moved away: nothing is left to delete of them
   *     but themselves
   */
  public void completeUpload(String upload, InodeId became, Set<InodeId> emptied) {
    for (Uploads.Part part : uploads().parts(upload, 0, Integer.MAX_VALUE)) {
      if (emptied.contains(part.inode())) {
        erase(part.inode());
      } else {
        discard(part.inode());
      }
    }
    uploads().completed(upload, became);
  }

  /** Drops an upload and its parts. */
  public void removeUpload(String upload) {
    for (Uploads.Part part : uploads().parts(upload, 0, Integer.MAX_VALUE)) {
      discard(part.inode());
    }
    uploads().delete(upload);
  }

  // --- the rest

  /**
   * Runs after the commit, before the caller is answered; never when the operation fails. Must not
   * throw, nor call the store.
   */
  public void onCommit(Runnable action) {
    changes.actions.add(action);
  }

  /** Several extents in file order with neighbours joined that continue each other. */
  public static List<Extent> coalesce(List<Extent> extents) {
    List<Extent> joined = new ArrayList<>();
    for (Extent extent : extents) {
      if (!joined.isEmpty()
          && joined.getLast().continuesIn(extent)
          && (long) joined.getLast().length() + extent.length() <= Integer.MAX_VALUE) {
        joined.set(joined.size() - 1, joined.getLast().with(extent));
      } else {
        joined.add(extent);
      }
    }
    return joined;
  }
}
