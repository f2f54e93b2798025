package io.forebay.engine.file;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileSystem;
import io.forebay.engine.cache.SegmentReader;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentWriter;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Files of one volume: what all views of it share, put together. Thread-safe. */
public final class FileLayer {
  private final MetadataStore store;
  private final Holds holds;
  private final TreeEdits tree;

  /**
   * @param store open; its inodes are watched from here on
   * @param pins those that {@code writer} sets
   * @param capacityBytes what the volume may hold
   * @param random thread-safe; for the write verifier
   */
  public FileLayer(
      MetadataStore store,
      SegmentWriter writer,
      SegmentReader reader,
      SegmentPins pins,
      FileLimits limits,
      LongSupplier capacityBytes,
      TimeSource time,
      RandomGenerator random) {
    this.store = store;
    this.holds = new Holds(store, id -> {});
    this.tree = new TreeEdits(holds);
  }

  /** The tree, with acknowledgements of the given level. */
  public FileSystem fileSystem(Durability durability) {
    throw new EngineException(ErrorCode.NOT_SUPPORTED, "no file system yet: " + store.volume());
  }

  /** Content for the object view. */
  public FileContents contents() {
    throw new EngineException(ErrorCode.NOT_SUPPORTED, "no contents yet");
  }

  /** In-transaction changes of the tree, for the object view. */
  public TreeEdits tree() {
    return tree;
  }

  /** Who is held open, for work that deletes. */
  public Holds holds() {
    return holds;
  }

  /** Commits what has been dirty for long, and discards what nobody holds; every second or so. */
  public void runOnce() {}

  /** From now on writes and changes are refused with {@link ErrorCode#SHUTTING_DOWN}. */
  public void stopWrites() {}

  /** Commits everything that is dirty; throws when something of it could not be. */
  public void commitAll() {}

  /** What is wrong right now, one sentence each. Never blocks. */
  public List<String> problems() {
    return List.of();
  }
}
