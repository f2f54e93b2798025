package io.forebay.engine;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One component of a path: 1 to 255 bytes, none of them {@code '/'} or NUL, neither {@code "."} nor
 * {@code ".."}. Bytes, not characters: POSIX names need not be UTF-8. Compares as unsigned bytes.
 * Immutable.
 */
public final class FileName implements Comparable<FileName> {
  /** The longest name, in bytes (POSIX NAME_MAX on Linux). */
  public static final int MAX_BYTES = 255;

  private final byte[] bytes;
  private final int hash;

  private FileName(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /**
   * Copies and checks.
   *
   * @throws EngineException {@link ErrorCode#NAME_TOO_LONG} above 255 bytes, {@link
   *     ErrorCode#INVALID_NAME} for an empty name, {@code "."}, {@code ".."}, or one with a slash
   *     or a NUL
   */
  public static FileName of(byte[] name) {
    if (name.length > MAX_BYTES) {
      throw new EngineException(ErrorCode.NAME_TOO_LONG, "a name has at most 255 bytes");
    }
    if (name.length == 0) {
      throw new EngineException(ErrorCode.INVALID_NAME, "a name is not empty");
    }
    if (name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'))) {
      throw new EngineException(ErrorCode.INVALID_NAME, "'.' and '..' are no names of entries");
    }
    for (byte b : name) {
      if (b == '/' || b == 0) {
        throw new EngineException(ErrorCode.INVALID_NAME, "a name has neither '/' nor NUL");
      }
    }
    return new FileName(name.clone());
  }

  /** As {@link #of(byte[])}, of the name's UTF-8 bytes. */
  public static FileName of(String name) {
    return of(name.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** 1 to 255. */
  public int length() {
    return bytes.length;
  }

  /** Whether the name is well-formed UTF-8, as an S3 key needs. */
  public boolean isUtf8() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }

  @Override
  public int compareTo(FileName other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileName that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** For people: malformed bytes show as U+FFFD. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
