package io.forebay.engine;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bounds and names of extended attributes: those that Linux calls {@code user.*}. */
public final class ExtendedAttribute {
  /** The longest name, in bytes, without a name space (Linux: 255 with {@code user.}). */
  public static final int MAX_NAME_BYTES = 250;

  /** The longest value, in bytes. */
  public static final int MAX_VALUE_BYTES = 64 << 10;

  /** Attributes of one inode at the most. */
  public static final int MAX_COUNT = 1024;

  /** Bytes of names and values of one inode at the most. */
  public static final int MAX_TOTAL_BYTES = 1 << 20;

  private ExtendedAttribute() {}

  /** Whether an attribute has to be new, or there. */
  public enum Presence {
    EITHER,
    /** An attribute of that name is {@link ErrorCode#EXISTS}. */
    NEW,
    /** No attribute of that name is {@link ErrorCode#NOT_FOUND}. */
    PRESENT
  }

  /**
   * A name as it is listed.
   *
   * @param cookie above 0; stays while the attribute does
   * @param name UTF-8
   */
  public record Listed(long cookie, String name) {}

  /**
   * Checks a name.
   *
   * @return the name
   * @throws EngineException {@link ErrorCode#INVALID_NAME}, {@link ErrorCode#NAME_TOO_LONG}
   */
  public static String name(byte[] utf8) {
    if (utf8.length > MAX_NAME_BYTES) {
      throw new EngineException(ErrorCode.NAME_TOO_LONG, "an attribute's name has 250 bytes");
    }
    try {
      String name =
          StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(utf8)).toString();
      if (!name.isEmpty() && name.indexOf('\0') < 0) {
        return name;
      }
    } catch (CharacterCodingException malformed) {
      throw new EngineException(ErrorCode.INVALID_NAME, "an attribute's name is UTF-8", malformed);
    }
    throw new EngineException(ErrorCode.INVALID_NAME, "an attribute's name is not empty");
  }
}
