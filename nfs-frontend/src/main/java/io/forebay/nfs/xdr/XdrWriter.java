package io.forebay.nfs.xdr;

import io.forebay.ambient.Invariant;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes XDR into a heap buffer that grows up to a bound. Long opaque bodies need not pass through
 * it: {@link #attach} leaves a gap that the transport fills from elsewhere (a file region, say);
 * the gap's bytes count against the bound.
 */
public final class XdrWriter {
  private static final int INITIAL_BYTES = 512;

  private final int limit;
  private byte[] bytes = new byte[INITIAL_BYTES];
  private int position;
  private int attachedBytes;
  private final List<Gap> gaps = new ArrayList<>(0);

  /**
   * Where bytes from elsewhere belong.
   *
   * @param position they come before the written byte of this index
   * @param length 1 or more
   */
  public record Gap(int position, int length) {}

  /** A moment to return to: see {@link #rewind}. */
  public record Mark(int position, int attachedBytes, int gaps) {}

  /**
   * @param limit bytes of the whole message, gaps included
   */
  public XdrWriter(int limit) {
    this.limit = limit;
  }

  /** Bytes of the message so far, gaps included. */
  public int size() {
    return position + attachedBytes;
  }

  /** Bytes that may still be written. */
  public int room() {
    return limit - size();
  }

  public void writeInt(int value) {
    ensure(Integer.BYTES);
    putInt(position, value);
    position += Integer.BYTES;
  }

  public void writeLong(long value) {
    writeInt((int) (value >>> 32));
    writeInt((int) value);
  }

  public void writeBool(boolean value) {
    writeInt(value ? 1 : 0);
  }

  /** Fixed-length opaque with its padding. */
  public void writeFixed(ByteBuffer value) {
    int length = value.remaining();
    int padded = length + XdrReader.padding(length);
    ensure(padded);
    value.duplicate().get(bytes, position, length);
    Arrays.fill(bytes, position + length, position + padded, (byte) 0);
    position += padded;
  }

  /** Variable-length opaque with its length and padding. */
  public void writeOpaque(ByteBuffer value) {
    writeInt(value.remaining());
    writeFixed(value);
  }

  public void writeOpaque(Opaque value) {
    writeOpaque(value.asBuffer());
  }

  public void writeOpaque(byte[] value) {
    writeOpaque(ByteBuffer.wrap(value));
  }

  /**
   * Variable-length opaque whose {@code length} bytes come from elsewhere: writes the length,
   * leaves a gap, pads.
   */
  public void attach(int length) {
    writeInt(length);
    int padding = XdrReader.padding(length);
    if (length > 0) {
      if (room() < length) {
        throw new XdrOverflowException(limit);
      }
      gaps.add(new Gap(position, length));
      attachedBytes += length;
    }
    ensure(padding);
    Arrays.fill(bytes, position, position + padding, (byte) 0);
    position += padding;
  }

  /** Overwrites four bytes written before. */
  public void patchInt(int at, int value) {
    Invariant.check(at >= 0 && at + Integer.BYTES <= position, "patched bytes were written", at);
    putInt(at, value);
  }

  /** The index of the next byte, for {@link #patchInt}. */
  public int position() {
    return position;
  }

  public Mark mark() {
    return new Mark(position, attachedBytes, gaps.size());
  }

  /** Forgets everything written since {@code mark}. */
  public void rewind(Mark mark) {
    position = mark.position;
    attachedBytes = mark.attachedBytes;
    while (gaps.size() > mark.gaps) {
      gaps.removeLast();
    }
  }

  /** Gaps in order. */
  public List<Gap> gaps() {
    return List.copyOf(gaps);
  }

  /** A view of the written bytes, without gaps; valid until the next write. */
  public ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, position).slice();
  }

  /** A copy of the written bytes; there must be no gaps. */
  public byte[] toBytes() {
    Invariant.check(gaps.isEmpty(), "a message with gaps is not whole");
    return Arrays.copyOf(bytes, position);
  }

  private void ensure(int more) {
    if (room() < more) {
      throw new XdrOverflowException(limit);
    }
    if (bytes.length - position < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, position + more));
    }
  }

  private void putInt(int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }
}
