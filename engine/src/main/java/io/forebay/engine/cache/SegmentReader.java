package io.forebay.engine.cache;

import io.forebay.engine.Payload;
import io.forebay.engine.segment.SegmentSlice;
import java.util.List;

/** Where bytes come out: the one way to read segments. Thread-safe. */
public interface SegmentReader {
  /** A piece of a file. */
  sealed interface Piece {
    /** 1 or more. */
    int length();
  }

  /** Bytes of a segment. */
  record Data(SegmentSlice slice) implements Piece {
    @Override
    public int length() {
      return slice.length();
    }
  }

  /** Zeroes. */
  record Hole(int length) implements Piece {}

  /** What the reader means to do; decides how much is fetched. */
  enum Intent {
    /** A stream: fetch whole blocks. */
    SEQUENTIAL,
    /** A point: on a first touch fetch only the pages needed, whole blocks on the second. */
    RANDOM
  }

  /**
   * Reads. Every byte was checked against its page's checksum, or written by this process.
   *
   * @param pieces in order; their segments must be pinned by the caller until this returns
   * @return the caller's to close; stays readable whatever is evicted or deleted meanwhile
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#CORRUPT} when
   *     bytes are lost or wrong everywhere, {@link io.forebay.engine.ErrorCode#UNAVAILABLE} when
   *     the bucket that has them cannot be reached
   */
  Payload read(List<Piece> pieces, Intent intent);

  /**
   * Brings the blocks of these slices into the cache, in the background and without a promise;
   * drops the wish when too many are waiting. Never blocks.
   */
  void prefetch(List<SegmentSlice> slices);
}
