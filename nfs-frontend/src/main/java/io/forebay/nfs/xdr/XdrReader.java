package io.forebay.nfs.xdr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads XDR from a buffer it does not own. Every method throws {@link XdrException} when the bytes
 * end too early or break the type's rules; the position is then undefined.
 */
public final class XdrReader {
  private static final int UNIT = 4;

  private final ByteBuffer source;

  /** Reads from the buffer's position to its limit, without moving either. */
  public XdrReader(ByteBuffer source) {
    this.source = source.duplicate().order(ByteOrder.BIG_ENDIAN);
  }

  /** Bytes not read yet. */
  public int remaining() {
    return source.remaining();
  }

  public int readInt() {
    require(Integer.BYTES);
    return source.getInt();
  }

  /** A 32-bit unsigned number, 0 to 2^32-1. */
  public long readUnsignedInt() {
    return Integer.toUnsignedLong(readInt());
  }

  public long readLong() {
    require(Long.BYTES);
    return source.getLong();
  }

  /** 0 or 1, nothing else (RFC 4506 section 4.4). */
  public boolean readBool() {
    int value = readInt();
    if (value != 0 && value != 1) {
      throw new XdrException("a bool is 0 or 1");
    }
    return value == 1;
  }

  /**
   * The length of an array.
   *
   * @param max the longest that is accepted, in elements
   */
  public int readCount(int max) {
    long count = readUnsignedInt();
    if (count > max) {
      throw new XdrException("an array has more than " + max + " elements");
    }
    return (int) count;
  }

  /** Fixed-length opaque of {@code length} bytes, with its padding. */
  public Opaque readFixed(int length) {
    require(length + padding(length));
    byte[] bytes = new byte[length];
    source.get(bytes);
    source.position(source.position() + padding(length));
    return Opaque.owning(bytes);
  }

  /**
   * Variable-length opaque.
   *
   * @param max the longest that is accepted, in bytes
   */
  public Opaque readOpaque(int max) {
    return readFixed(checkedLength(max));
  }

  /**
   * Variable-length opaque, not copied: a view that lives as long as the reader's buffer.
   *
   * @param max the longest that is accepted, in bytes
   */
  public ByteBuffer readView(int max) {
    int length = checkedLength(max);
    require(length + padding(length));
    ByteBuffer view = source.slice(source.position(), length);
    source.position(source.position() + length + padding(length));
    return view;
  }

  private int checkedLength(int max) {
    long length = readUnsignedInt();
    if (length > max || length > source.remaining()) {
      throw new XdrException("an opaque of " + length + " bytes is too long");
    }
    return (int) length;
  }

  private void require(int bytes) {
    if (source.remaining() < bytes) {
      throw new XdrException("the message ends too early");
    }
  }

  /** Zero bytes that follow {@code length} bytes of opaque: 0 to 3. */
  static int padding(int length) {
    return -length & (UNIT - 1);
  }
}
