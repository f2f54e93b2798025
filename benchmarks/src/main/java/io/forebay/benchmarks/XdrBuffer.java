package io.forebay.benchmarks;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Just enough XDR (RFC 4506) for the load client. Grows to its fixed capacity and no further. */
final class XdrBuffer {
  private final ByteBuffer bytes;

  XdrBuffer(int capacity) {
    bytes = ByteBuffer.allocate(capacity);
  }

  XdrBuffer clear() {
    bytes.clear();
    return this;
  }

  XdrBuffer u32(long value) {
    bytes.putInt((int) value);
    return this;
  }

  XdrBuffer u64(long value) {
    bytes.putLong(value);
    return this;
  }

  /** Fixed-length opaque of a multiple of four bytes. */
  XdrBuffer fixed(byte[] value) {
    bytes.put(value);
    return this;
  }

  XdrBuffer opaque(byte[] value) {
    return opaque(value, value.length);
  }

  XdrBuffer opaque(byte[] value, int length) {
    bytes.putInt(length).put(value, 0, length);
    while (bytes.position() % 4 != 0) {
      bytes.put((byte) 0);
    }
    return this;
  }

  XdrBuffer string(String value) {
    return opaque(value.getBytes(StandardCharsets.UTF_8));
  }

  int size() {
    return bytes.position();
  }

  byte[] array() {
    return bytes.array();
  }

  /** Replaces the content by a record of {@code length} bytes from the wire. */
  void fill(DataInputStream in, int length) throws IOException {
    if (length > bytes.capacity()) {
      throw new IOException("a record of " + length + " bytes is more than was asked for");
    }
    bytes.clear();
    in.readFully(bytes.array(), 0, length);
    bytes.limit(length);
  }

  int readU32() {
    return bytes.getInt();
  }

  long readU64() {
    return bytes.getLong();
  }

  byte[] readFixed(int length) {
    byte[] value = new byte[length];
    bytes.get(value);
    return value;
  }

  byte[] readOpaque() {
    int length = bytes.getInt();
    byte[] value = readFixed(length);
    bytes.position(bytes.position() + (4 - length % 4) % 4);
    return value;
  }

  /** Skips an opaque without copying; returns its length. */
  int skipOpaque() {
    int length = bytes.getInt();
    bytes.position(bytes.position() + length + (4 - length % 4) % 4);
    return length;
  }

  void skipWords(int count) {
    bytes.position(bytes.position() + 4 * count);
  }
}
