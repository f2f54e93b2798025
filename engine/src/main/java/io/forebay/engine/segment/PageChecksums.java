package io.forebay.engine.segment;

import io.forebay.ambient.Invariant;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C of each 64 KiB page of a segment's data; the last page may be short. Immutable. */
public final class PageChecksums {
  /** Bytes of a page. */
  public static final int PAGE_SIZE = 64 << 10;

  private final int[] pages;
  private final int dataLength;

  /**
   * @param pages copied
   * @param dataLength bytes of data they cover
   */
  public PageChecksums(int[] pages, int dataLength) {
    Invariant.check(
        pages.length == (dataLength + PAGE_SIZE - 1) / PAGE_SIZE, "a checksum for each page");
    this.pages = pages.clone();
    this.dataLength = dataLength;
  }

  /** As {@link #encode} wrote it. */
  public static PageChecksums decode(byte[] encoded, int dataLength) {
    ByteBuffer buffer = ByteBuffer.wrap(encoded);
    int[] pages = new int[encoded.length / Integer.BYTES];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = buffer.getInt();
    }
    return new PageChecksums(pages, dataLength);
  }

  /** Big-endian, 4 bytes a page. */
  public byte[] encode() {
    ByteBuffer buffer = ByteBuffer.allocate(pages.length * Integer.BYTES);
    for (int page : pages) {
      buffer.putInt(page);
    }
    return buffer.array();
  }

  /** Bytes of data covered. */
  public int dataLength() {
    return dataLength;
  }

  public int pageCount() {
    return pages.length;
  }

  public int page(int index) {
    return pages[index];
  }

  /**
   * Checks whole pages.
   *
   * @param offset of the first byte in the segment's data, a multiple of {@link #PAGE_SIZE}
   * @param bytes from position to limit; ends on a page boundary or with the data
   * @return the index of the first bad page, or -1
   */
  public int firstBadPage(int offset, ByteBuffer bytes) {
    Invariant.check(offset % PAGE_SIZE == 0, "pages are checked whole", offset);
    ByteBuffer view = bytes.duplicate();
    CRC32C crc = new CRC32C();
    for (int page = offset / PAGE_SIZE; view.hasRemaining(); page++) {
      int length = Math.min(PAGE_SIZE, view.remaining());
      Invariant.check(
          length == PAGE_SIZE || (long) page * PAGE_SIZE + length == dataLength,
          "pages are checked whole",
          length);
      crc.reset();
      crc.update(view.slice(view.position(), length));
      if ((int) crc.getValue() != pages[page]) {
        return page;
      }
      view.position(view.position() + length);
    }
    return -1;
  }
}
