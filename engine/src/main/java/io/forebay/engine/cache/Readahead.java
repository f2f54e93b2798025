package io.forebay.engine.cache;

import io.forebay.ambient.Invariant;
import io.forebay.engine.cache.SegmentReader.Intent;
import java.util.Optional;

/**
 * Tells a stream from random reads, and what of a file to bring in next. The window doubles with
 * each stretch that was read in order and closes when reads jump. A kernel sends the reads of a
 * stream in parallel, so "in order" allows for some disorder. Knows nothing of blocks: its caller
 * maps the range to slices. Not thread-safe.
 */
public final class Readahead {
  /** A stream's reads may overtake one another by this much. */
  private static final long DISORDER = 8L << 20;

  private final long firstWindow;
  private final long largestWindow;
  private long streamEnd;
  private long windowEnd;
  private long window;
  private int ordered;

  /**
   * @param firstWindow bytes ahead when a stream is recognised
   * @param largestWindow bytes ahead at most
   */
  public Readahead(long firstWindow, long largestWindow) {
    Invariant.check(firstWindow > 0 && largestWindow >= firstWindow, "not a window");
    this.firstWindow = firstWindow;
    this.largestWindow = largestWindow;
  }

  /** 4 MiB, doubling to 64 MiB. */
  public static Readahead standard() {
    return new Readahead(Blocks.SIZE, 16L * Blocks.SIZE);
  }

  /**
   * Bytes of a file to bring in.
   *
   * @param offset 0 or more
   * @param length 1 or more
   */
  public record Range(long offset, long length) {}

  /**
   * Takes note of a read.
   *
   * @param offset 0 or more
   * @param length 1 or more
   * @param fileLength nothing beyond is asked for
   * @return what to bring in now
   */
  public Optional<Range> onRead(long offset, int length, long fileLength) {
    long end = offset + length;
    boolean first = streamEnd == 0 && ordered == 0;
    boolean continues =
        first ? offset == 0 : offset <= streamEnd + DISORDER && end >= streamEnd - DISORDER;
    if (!continues) {
      streamEnd = end;
      windowEnd = end;
      window = 0;
      ordered = first ? 1 : 0;
      return Optional.empty();
    }
    // Reading the same bytes again is no progress.
    boolean progress = end > streamEnd;
    streamEnd = Math.max(streamEnd, end);
    ordered += progress ? 1 : 0;
    if (!progress || ordered < 2) {
      windowEnd = Math.max(windowEnd, streamEnd);
      return Optional.empty();
    }
    return advance(fileLength);
  }

  private Optional<Range> advance(long fileLength) {
    windowEnd = Math.max(windowEnd, streamEnd);
    // More is asked for when half of the window has been used up, so that it never runs dry.
    if (windowEnd - streamEnd > window / 2) {
      return Optional.empty();
    }
    window = window == 0 ? firstWindow : Math.min(largestWindow, window * 2);
    long target = Math.min(fileLength, streamEnd + window);
    if (target <= windowEnd) {
      return Optional.empty();
    }
    Range range = new Range(windowEnd, target - windowEnd);
    windowEnd = target;
    return Optional.of(range);
  }

  /** How to read, judged by the reads noted so far, the present one included. */
  public Intent intent() {
    return ordered >= 2 ? Intent.SEQUENTIAL : Intent.RANDOM;
  }
}
