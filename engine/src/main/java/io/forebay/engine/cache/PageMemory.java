package io.forebay.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pages in memory that no disk has, proved; bounded in bytes. Thread-safe. */
final class PageMemory {
  private final Cache<Long, ByteBuffer> pages;

  PageMemory(long bytes) {
    this.pages =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((Long key, ByteBuffer page) -> page.remaining())
            .executor(Runnable::run)
            .build();
  }

  /**
   * Cuts bytes into pages, each with memory of its own, and keeps them.
   *
   * @param firstPage number of the first
   */
  List<ByteBuffer> keep(SegmentId segment, int firstPage, ByteBuffer bytes) {
    List<ByteBuffer> kept = new ArrayList<>();
    ByteBuffer left = bytes.duplicate();
    for (int page = firstPage; left.hasRemaining(); page++) {
      int length = Math.min(PageChecksums.PAGE_SIZE, left.remaining());
      ByteBuffer copy = ByteBuffer.allocate(length);
      copy.put(left.slice(left.position(), length)).flip();
      left.position(left.position() + length);
      kept.add(copy);
      pages.put(Blocks.pageKey(segment, page), copy);
    }
    return kept;
  }

  /** The pages {@code first} to {@code last}, or none unless all are here. */
  Optional<List<ByteBuffer>> find(SegmentId segment, int first, int last) {
    List<ByteBuffer> found = new ArrayList<>(last - first + 1);
    for (int page = first; page <= last; page++) {
      ByteBuffer present = pages.getIfPresent(Blocks.pageKey(segment, page));
      if (present == null) {
        return Optional.empty();
      }
      found.add(present);
    }
    return Optional.of(found);
  }
}
