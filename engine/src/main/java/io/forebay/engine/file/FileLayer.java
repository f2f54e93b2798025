package io.forebay.engine.file;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentWriter;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Files of one volume: what all views of it share, put together. Thread-safe. */
public final class FileLayer {
  private final MetadataStore store;
  private final SegmentWriter segmentWriter;
  private final SegmentPins pins;
  private final LiveFiles files;
  private final Holds holds;
  private final TreeEdits tree;
  private final Commits commits;
  private final Attributes attributes;
  private final ExtendedAttributeAccess extendedAttributes;
  private final SharedRanges sharedRanges;
  private final Namespace namespace;
  private final Renames renames;
  private final SpaceUsage space;
  private final FileReader reader;
  private final FileWriter writer;
  private final DirtyFlush flush;
  private final FileContents contents;
  private final long writeVerifier;
  private volatile boolean stopped;

  /**
   * @param store open; its inodes are watched from here on
   * @param pins those that {@code segmentWriter} sets
   * @param capacityBytes what the volume may hold
   * @param random thread-safe; for the write verifier
   */
  public FileLayer(
      MetadataStore store,
      SegmentWriter segmentWriter,
      SegmentReader segmentReader,
      SegmentPins pins,
      FileLimits limits,
      LongSupplier capacityBytes,
      TimeSource time,
      RandomGenerator random) {
    this.store = store;
    this.segmentWriter = segmentWriter;
    this.pins = pins;
    this.files = new LiveFiles(store, pins, limits);
    this.holds = new Holds(store, files::discarded);
    this.tree = new TreeEdits(holds, new History(store, holds));
    this.commits = new Commits(store, segmentWriter, segmentReader, pins, tree, time);
    this.attributes = new Attributes(store, files, holds, tree, commits);
    this.extendedAttributes = new ExtendedAttributeAccess(store, attributes, tree);
    this.sharedRanges = new SharedRanges(commits);
    this.namespace = new Namespace(store, tree, files);
    this.renames = new Renames(store, tree);
    this.space = new SpaceUsage(store, capacityBytes, files.totals(), time);
    this.reader = new FileReader(store, segmentReader, pins);
    this.flush = new DirtyFlush(files, commits, limits, time);
    this.writer = new FileWriter(segmentWriter, files, commits, flush, space, limits, time);
    this.contents = new StoredContents(this);
    this.writeVerifier = random.nextLong();
    store.watchInodes(files);
  }

  /** The tree, with acknowledgements of the given level. */
  public FileSystem fileSystem(Durability durability) {
    return new StoredFileSystem(this, durability);
  }

  /** Content for the object view. */
  public FileContents contents() {
    return contents;
  }

  /** In-transaction changes of the tree, for the object view. */
  public TreeEdits tree() {
    return tree;
  }

  /** Who is held open, for work that deletes. */
  public Holds holds() {
    return holds;
  }

  /**
   * The committed bytes of an inode are elsewhere now; on the metadata's writer thread, while both
   * places are pinned.
   */
  public void moved(InodeId inode) {
    files.moved(inode);
  }

  // --- background

  /** Commits what has been dirty for long, and discards what nobody holds; every second or so. */
  public void runOnce() {
    flush.runOnce();
    holds.discardAbandoned();
  }

  /** From now on writes and changes are refused with {@link ErrorCode#SHUTTING_DOWN}. */
  public void stopWrites() {
    stopped = true;
  }

  /**
   * Commits everything that is dirty.
   *
   * @throws EngineException what the last failure was, after all have been tried
   */
  public void commitAll() {
    flush.commitAll();
  }

  /** What is wrong right now, one sentence each. Never blocks. */
  public List<String> problems() {
    return flush.problems();
  }

  // --- for this package

  /**
   * Holds an inode open and makes it live; {@link #letGo} undoes both.
   *
   * @param check throws to refuse
   */
  LiveFile hold(InodeId id, Consumer<Inode> check) {
    Inode inode = holds.hold(id);
    boolean live = false;
    try {
      check.accept(inode);
      LiveFile file = files.acquire(id);
      live = true;
      return file;
    } finally {
      if (!live) {
        holds.release(id);
      }
    }
  }

  /** As {@link #hold}, also of an inode without a name. */
  LiveFile holdNameless(InodeId id) {
    holds.holdNameless(id);
    boolean live = false;
    try {
      LiveFile file = files.acquire(id);
      live = true;
      return file;
    } finally {
      if (!live) {
        holds.release(id);
      }
    }
  }

  void letGo(LiveFile live) {
    files.release(live);
    holds.release(live.id());
  }

  /**
   * Waits until what is committed of a file is where the level promises it: for {@link
   * Durability#BUCKET} its bytes, those that others committed with less included, and the log that
   * names them.
   */
  void acknowledge(InodeId file, Durability level) {
    if (level == Durability.BUCKET) {
      Set<SegmentId> staged = store.read(snapshot -> snapshot.extents().unstoredSegments(file));
      if (!staged.isEmpty()) {
        segmentWriter.store(staged);
      }
      store.shippedLog().awaitShipped();
    }
  }

  void requireWritable() {
    if (stopped) {
      throw new EngineException(ErrorCode.SHUTTING_DOWN, "the gateway is stopping");
    }
  }

  MetadataStore store() {
    return store;
  }

  SegmentPins pins() {
    return pins;
  }

  LiveFiles files() {
    return files;
  }

  Commits commits() {
    return commits;
  }

  Attributes attributes() {
    return attributes;
  }

  ExtendedAttributeAccess extendedAttributes() {
    return extendedAttributes;
  }

  SharedRanges sharedRanges() {
    return sharedRanges;
  }

  Namespace namespace() {
    return namespace;
  }

  Renames renames() {
    return renames;
  }

  SpaceUsage space() {
    return space;
  }

  FileReader reader() {
    return reader;
  }

  FileWriter writer() {
    return writer;
  }

  long writeVerifier() {
    return writeVerifier;
  }
}
