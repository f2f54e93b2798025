package io.forebay.engine.segment;

import io.forebay.engine.object.Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A sealed segment on its way to the bucket: each page is checked before it is handed out, and the
 * whole before its last bytes are, so that a store never gets all of a damaged segment.
 */
final class VerifiedBody implements Body {
  private final StagedSegment segment;
  private final PageChecksums pages;
  private final long length;
  private final long crc;
  private volatile boolean damaged;

  VerifiedBody(StagedSegment segment, PageChecksums pages) {
    this.segment = segment;
    this.pages = pages;
    this.length = segment.objectLength();
    this.crc = segment.objectCrc();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public long crc32c() {
    return crc;
  }

  /** Whether the file turned out to be wrong. */
  boolean isDamaged() {
    return damaged;
  }

  @Override
  public InputStream open() throws IOException {
    return new Pages(segment.stored());
  }

  private final class Pages extends InputStream {
    private final SegmentFiles.StoredFile file;
    private final CRC32C whole = new CRC32C();
    private final ByteBuffer chunk = ByteBuffer.allocate(PageChecksums.PAGE_SIZE).limit(0);
    private long position;

    Pages(SegmentFiles.StoredFile file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      return fill() ? chunk.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int n = Math.min(count, chunk.remaining());
      chunk.get(target, offset, n);
      return n;
    }

    private boolean fill() throws IOException {
      if (chunk.hasRemaining()) {
        return true;
      }
      if (position == length) {
        return false;
      }
      int data = pages.dataLength();
      long end = position < data ? data : length;
      chunk.clear().limit((int) Math.min(PageChecksums.PAGE_SIZE, end - position));
      file.read(chunk, position);
      chunk.flip();
      whole.update(chunk.duplicate());
      boolean badPage = position < data && pages.firstBadPage((int) position, chunk) >= 0;
      position += chunk.remaining();
      if (badPage || (position == length && whole.getValue() != crc)) {
        damaged = true;
        chunk.limit(chunk.position());
        throw new DamagedSegmentException(segment.id() + " was damaged in staging");
      }
      return true;
    }
  }
}
