package io.forebay.nfs.xdr;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes without meaning to XDR: names, owners, handles. Immutable; compares by content. */
public final class Opaque {
  public static final Opaque EMPTY = new Opaque(new byte[0]);

  private final byte[] bytes;

  private Opaque(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies. */
  public static Opaque of(byte[] bytes) {
    return new Opaque(bytes.clone());
  }

  /** The text's UTF-8 bytes. */
  public static Opaque of(String text) {
    return new Opaque(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes the array over; the caller forgets it. */
  static Opaque owning(byte[] bytes) {
    return new Opaque(bytes);
  }

  /** A copy. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** A read-only view. */
  public ByteBuffer asBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  public int length() {
    return bytes.length;
  }

  /** As UTF-8; malformed bytes show as U+FFFD. */
  public String toText() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  public String toHex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Opaque that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return toHex();
  }
}
