package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentLedger.Row;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentTrailer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a recovery does to the metadata it has restored, or makes anew, before anybody else has it.
 * Everything is paged: memory does not grow with the volume.
 */
public final class RecoveredMetadata {
  /** Ids that the lost machine may have given out after the last shipped commit. */
  private static final long SKIPPED_IDS = 1 << 20;

  private static final FileName RECOVERED = name("recovered");
  private static final int MAX_DEPTH = 4096;

  private final MetadataStore store;

  /**
   * @param store open; its caller's to close
   */
  public RecoveredMetadata(MetadataStore store) {
    this.store = store;
  }

  private static FileName name(String text) {
    return FileName.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Checks that the database is one.
   *
   * @throws EngineException {@link ErrorCode#CORRUPT}
   */
  public void check() {
    List<String> said =
        store.read(
            snapshot -> snapshot.sql().list("PRAGMA quick_check(3)", row -> row.getString(1)));
    if (!said.equals(List.of("ok"))) {
      throw new EngineException(
          ErrorCode.CORRUPT, "the restored metadata is damaged: " + String.join("; ", said));
    }
  }

  /** Begins to note which segments are in the bucket. */
  public void begin() {
    change(tx -> {
      tx.sql().run("CREATE TABLE IF NOT EXISTS bucket_segment (id INTEGER NOT NULL PRIMARY KEY)");
      tx.sql().update("DELETE FROM bucket_segment");
    });
  }

  /** These segments are in the bucket. */
  public void inBucket(List<SegmentId> some) {
    change(tx ->
        some.forEach(
            id -> tx.sql().update("INSERT OR IGNORE INTO bucket_segment VALUES (?)", id.value())));
  }

  /** Segments that are in the bucket, in order. */
  public List<SegmentId> inBucket(long after, int limit) {
    return store.read(snapshot ->
        ids(
            snapshot,
            "SELECT id FROM bucket_segment WHERE id > ? ORDER BY id LIMIT ?",
            after,
            limit));
  }

  /** Segments in the bucket that the metadata does not know. */
  public List<SegmentId> unknown(long after, int limit) {
    return store.read(snapshot ->
        ids(
            snapshot,
            "SELECT id FROM bucket_segment b WHERE id > ? AND NOT EXISTS"
                + " (SELECT 1 FROM segment s WHERE s.id = b.id) ORDER BY id LIMIT ?",
            after,
            limit));
  }

  /** Segments that should be in the bucket and are not. */
  public List<SegmentId> missing(long after, int limit) {
    return store.read(snapshot ->
        ids(
            snapshot,
            "SELECT id FROM segment s WHERE id > ? AND state = 3 AND NOT EXISTS"
                + " (SELECT 1 FROM bucket_segment b WHERE b.id = s.id) ORDER BY id LIMIT ?",
            after,
            limit));
  }

  private static List<SegmentId> ids(Snapshot snapshot, String sql, long after, int limit) {
    return snapshot.sql().list(sql, row -> new SegmentId(row.getLong(1)), after, limit);
  }

  /** Rows of segments that were not uploaded by what the metadata says. */
  public List<Row> unstored() {
    return store.ledger().unstored();
  }

  /** Lets all counters go on behind what was seen, and what may have been given out. */
  public void raiseCounters(long inodeSeen, long segmentSeen) {
    change(tx -> {
      Sql sql = tx.sql();
      sql.update("UPDATE id_counter SET next = next + ?", SKIPPED_IDS);
      IdCounters.raise(sql, IdCounters.INODE, inodeSeen + SKIPPED_IDS);
      IdCounters.raise(sql, IdCounters.SEGMENT, segmentSeen + SKIPPED_IDS);
    });
  }

  /**
   * A file with bytes that are lost.
   *
   * @param inode its number
   * @param path from the root of the volume; empty for a file without a name
   * @param bytes how many
   */
  public record Damaged(InodeId inode, Optional<String> path, long bytes) {}

  /** Files that have bytes in LOST segments, in order of their numbers. */
  public List<Damaged> damaged(long after, int limit) {
    // "<> 3" says nothing more: it lets SQLite take the index of segments that are not STORED.
    return store.read(snapshot ->
        snapshot
            .sql()
            .list(
                "SELECT e.inode, SUM(e.length) FROM segment s JOIN extent e ON e.segment = s.id"
                    + " WHERE s.state = 5 AND s.state <> 3 AND e.inode > ?"
                    + " GROUP BY e.inode ORDER BY e.inode LIMIT ?",
                row -> {
                  InodeId inode = new InodeId(row.getLong(1));
                  return new Damaged(inode, Optional.empty(), row.getLong(2));
                },
                after,
                limit)
            .stream()
            .map(found -> new Damaged(found.inode(), path(snapshot, found.inode()), found.bytes()))
            .toList());
  }

  private static Optional<String> path(Snapshot snapshot, InodeId file) {
    List<String> names = new ArrayList<>();
    InodeId at = file;
    while (!at.equals(InodeId.ROOT) && names.size() < MAX_DEPTH) {
      InodeId child = at;
      Optional<InodeId> parent = snapshot.inode(child).flatMap(Inode::parent);
      Optional<String> name =
          parent.flatMap(directory ->
              snapshot
                  .sql()
                  .find(
                      "SELECT name FROM entry WHERE parent = ? AND inode = ?",
                      row -> new String(row.getBytes(1), StandardCharsets.UTF_8),
                      directory.value(),
                      child.value()));
      if (parent.isEmpty() || name.isEmpty()) {
        return Optional.empty();
      }
      names.add(name.get());
      at = parent.get();
    }
    return Optional.of("/" + String.join("/", names.reversed()));
  }

  /** Files and bytes of the volume. */
  public MetadataStore.Usage usage() {
    return store.usage();
  }

  /** Removes what the recovery needed. */
  public void end() {
    change(tx -> tx.sql().run("DROP TABLE IF EXISTS bucket_segment"));
  }

  // --- without metadata

  /** The new volume is the one of a bucket; it has to be opened again then. */
  public void become(Volume volume) {
    change(tx ->
        tx.sql()
            .update(
                "UPDATE volume SET uuid = ?, segment_size = ?, created_ns = ?",
                volume.id().toString(),
                volume.segmentBytes(),
                volume.createdNanos()));
  }

  /** Makes the directory that takes the files. */
  public InodeId makeDirectory(long inodeSeen) {
    return store.write(tx -> {
      Optional<Entry> there = tx.entry(InodeId.ROOT, RECOVERED);
      if (there.isPresent()) {
        return there.get().inode();
      }
      InodeId id = new InodeId(inodeSeen + 1);
      Inode root = tx.require(InodeId.ROOT);
      tx.create(
          new InodeEdit(id, FileType.DIRECTORY, tx.now())
              .mode(0755)
              .addLinks(2)
              .parent(InodeId.ROOT)
              .done());
      tx.put(root.edit().addLinks(1).touchContent(tx.now()).done());
      tx.addEntry(InodeId.ROOT, RECOVERED, id, FileType.DIRECTORY);
      return id;
    });
  }

  /** Puts the runs of a segment over what earlier segments have said of the same files. */
  public void addSegment(InodeId directory, SegmentTrailer trailer) {
    change(tx -> {
      PageChecksums pages = trailer.pages();
      tx.sql()
          .update(
              "INSERT INTO segment (id, state, size, live_bytes, owner, created_ns, checksums)"
                  + " VALUES (?, 3, ?, 0, 0, ?, ?)",
              trailer.id().value(),
              pages.dataLength(),
              tx.now(),
              pages.encode());
      for (SegmentRun run : trailer.runs()) {
        InodeId file = run.inode();
        if (tx.inode(file).isEmpty()) {
          tx.create(
              new InodeEdit(file, FileType.REGULAR, tx.now())
                  .mode(0644)
                  .addLinks(1)
                  .parent(directory)
                  .done());
          tx.addEntry(directory, name(Long.toString(file.value())), file, FileType.REGULAR);
        }
        tx.putExtents(file, List.of(new Extent(run.fileOffset(), run.slice())));
        long end = run.fileOffset() + run.slice().length();
        Inode now = tx.require(file);
        if (end > now.attributes().size()) {
          tx.put(now.edit().size(end).done());
        }
      }
    });
  }

  /** What was overwritten may be all there is of something: it stays in the bucket. */
  public void keepOverwritten() {
    change(tx -> tx.sql().update("UPDATE segment SET state = 3 WHERE state = 4"));
  }

  /** The highest inode of the volume. */
  public OptionalLong highestInode() {
    return store.read(snapshot ->
        snapshot
            .sql()
            .find("SELECT MAX(id) FROM inode", row -> OptionalLong.of(row.getLong(1)))
            .orElse(OptionalLong.empty()));
  }

  private interface Change {
    void apply(Transaction transaction);
  }

  private void change(Change change) {
    store.write(transaction -> {
      change.apply(transaction);
      return true;
    });
  }
}
