package io.forebay.engine.assembly;

import io.forebay.engine.CompactionReport;
import io.forebay.engine.Durability;
import io.forebay.engine.FileSystem;
import io.forebay.engine.GarbageReport;
import io.forebay.engine.Identity;
import io.forebay.engine.ObjectView;
import io.forebay.engine.Progress;
import io.forebay.engine.RecordStore;
import java.time.Duration;
import java.util.List;

/** A running engine: one volume, its views, its background work. Opened by {@link EngineWiring}. */
public interface Engine extends AutoCloseable {
  /** The tree, with acknowledgements of the given level. All views share all state. */
  FileSystem fileSystem(Durability durability);

  /** The objects, with acknowledgements of the given level. */
  ObjectView objects(Durability durability);

  Identity identity();

  RecordStore records();

  /**
   * What is wrong right now, one sentence each: the bucket is unreachable, uploads fail, a disk is
   * down, staging is full. Empty: healthy. Never blocks.
   */
  List<String> problems();

  /**
   * Removes what nothing refers to any more: files without a name, dead segments, objects in the
   * bucket that the metadata knows nothing of. The last only when the bucket's whole listing was
   * told without an error.
   *
   * @param dryRun only counts
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#UNAVAILABLE} as
   *     long as the bucket has not answered since the start
   */
  GarbageReport collectGarbage(boolean dryRun, Progress progress);

  /**
   * Rewrites segments that are mostly dead, or small, so that their space becomes free.
   *
   * @param dryRun only tells which, what that gains and what it costs
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#UNAVAILABLE},
   *     {@link io.forebay.engine.ErrorCode#THROTTLED}: nothing is half done
   */
  CompactionReport compact(boolean dryRun, Progress progress);

  /**
   * Runs something once, when another gateway has taken the volume over: from then on every
   * operation fails with {@link io.forebay.engine.ErrorCode#FENCED}, and there is nothing left but
   * to end the process. On a thread of the engine; must not block.
   */
  void onLoss(Runnable listener);

  /**
   * Stops taking writes, commits what is dirty, and uploads what is staged for as long as {@code
   * patience}; what is left stays in staging for the next start.
   */
  void drain(Duration patience);

  /** Stops everything; without {@link #drain} it is what a crash would be, minus the noise. */
  @Override
  void close();
}
