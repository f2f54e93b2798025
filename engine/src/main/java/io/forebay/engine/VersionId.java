package io.forebay.engine;

import java.util.HexFormat;

/**
 * Which version of an object. {@link #text} is what clients see.
 *
 * @param number 0: the null version, of before versioning or while it is suspended; later versions
 *     have larger numbers
 */
public record VersionId(long number) {
  public static final VersionId NULL = new VersionId(0);

  private static final String NULL_TEXT = "null";

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws EngineException {@link ErrorCode#INVALID_ARGUMENT}
   */
  public static VersionId of(String text) {
    if (text.equals(NULL_TEXT)) {
      return NULL;
    }
    if (!text.matches("[0-9a-f]{16}") || HexFormat.fromHexDigitsToLong(text) <= 0) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "Invalid version id specified");
    }
    return new VersionId(HexFormat.fromHexDigitsToLong(text));
  }

  public boolean isNull() {
    return number == 0;
  }

  /** {@code null}, or 16 hex digits. */
  public String text() {
    return isNull() ? NULL_TEXT : HexFormat.of().toHexDigits(number);
  }
}
