package io.forebay.engine.segment;

/**
 * How much of the metadata's log is in the bucket (design section 5). Whatever a recovery from the
 * bucket must not contradict waits for it: an answer with durability {@code bucket}, and the
 * deletion of an object that an earlier commit still names. Thread-safe.
 *
 * <p>A position counts commits since the process started. Once {@link #isShipped} of a position, a
 * recovery from the bucket alone finds every commit that anybody had seen when the position was
 * taken.
 */
public interface ShippedLog {
  /** Of a volume whose log goes nowhere: there is nothing to wait for. */
  ShippedLog NONE =
      new ShippedLog() {
        @Override
        public long position() {
          return 0;
        }

        @Override
        public boolean isShipped(long position) {
          return true;
        }

        @Override
        public void awaitShipped(long position) {
          // Nobody ships it.
        }

        @Override
        public void requireShipping() {
          // Nobody waits.
        }
      };

  /** Covers every commit that anybody may have seen by now. Never blocks. */
  long position();

  /** Whether everything up to a position is in the bucket. Never blocks. */
  boolean isShipped(long position);

  /**
   * Ships ahead of the interval and waits; all who wait share one shipment.
   *
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#UNAVAILABLE} when
   *     the bucket takes nothing for long, {@link io.forebay.engine.ErrorCode#SHUTTING_DOWN}; what
   *     was committed stays committed, and is shipped later
   */
  void awaitShipped(long position);

  /** Waits until everything that was committed before this call is in the bucket. */
  default void awaitShipped() {
    awaitShipped(position());
  }

  /**
   * For an operation that will have to wait: refuses it before it has done anything, when the
   * bucket has taken nothing for long. Never blocks.
   *
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#UNAVAILABLE}
   */
  void requireShipping();
}
