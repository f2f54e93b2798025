package io.forebay.s3.http;

import io.forebay.s3.http.MalformedRequestException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986 section 2.1) of UTF-8, strict when decoding. */
public final class PercentEncoding {
  private static final String HEX = "0123456789ABCDEF";

  private PercentEncoding() {}

  /**
   * Decodes a path. Slashes stay what they are, encoded or not.
   *
   * @throws MalformedRequestException for broken escapes and what is no UTF-8
   */
  public static String decodePath(String raw) {
    return decode(raw, false);
  }

  /** As {@link #decodePath}, with a plus sign for a blank. */
  public static String decodeQuery(String raw) {
    return decode(raw, true);
  }

  /**
   * Encodes all but the unreserved characters {@code A-Z a-z 0-9 - . _ ~}, as signatures want it.
   *
   * @param keepSlash whether a slash stays
   */
  public static String encode(String text, boolean keepSlash) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if (isUnreserved(c) || (c == '/' && keepSlash)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  private static String decode(String raw, boolean plusIsBlank) {
    ByteBuffer bytes = ByteBuffer.allocate(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        if (i + 2 >= raw.length()) {
          throw malformed("a percent sign without two digits");
        }
        bytes.put((byte) (digit(raw.charAt(i + 1)) << 4 | digit(raw.charAt(i + 2))));
        i += 2;
      } else if (c > 0xff) {
        throw malformed("a character that no octet stands for");
      } else {
        // Octets outside ASCII arrive as Latin-1: some clients leave UTF-8 unencoded.
        bytes.put((byte) (c == '+' && plusIsBlank ? ' ' : c));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException notUtf8) {
      throw malformed("not UTF-8 once decoded");
    }
  }

  private static int digit(char c) {
    int digit = c < 0x80 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      throw malformed("a percent sign without two digits");
    }
    return digit;
  }

  private static MalformedRequestException malformed(String message) {
    return new MalformedRequestException(Reason.TARGET, message);
  }
}
