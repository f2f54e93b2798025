package io.forebay.engine.segment;

import java.util.Collection;

/**
 * Where bytes go in: the staging area's face to the file layer. Thread-safe.
 *
 * <p>The order of a durable write is always: {@link AppendStream#append}, {@link #sync}, the
 * metadata transaction that inserts extents and runs, then the answer (design section 5).
 */
public interface SegmentWriter {
  /**
   * Opens a stream. Small writers share pack segments; one that expects, or comes to write, much
   * gets segments of its own, so that its data stays contiguous.
   *
   * @param expectedBytes what is known, or -1
   */
  AppendStream open(long expectedBytes);

  /**
   * Makes everything appended to these segments so far durable on the local disk. Concurrent calls
   * share one fdatasync.
   *
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#IO}: the bytes are
   *     not durable and must not be committed; the segment takes no more appends
   */
  void sync(Collection<SegmentId> segments);

  /**
   * Seals and uploads these segments ahead of their delay and waits until they are in the bucket,
   * for {@link io.forebay.engine.Durability#BUCKET}.
   */
  void store(Collection<SegmentId> segments);

  /** Bytes in staging: written and not in the bucket. */
  long stagedBytes();
}
