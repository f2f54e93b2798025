package io.forebay.s3.xml;

import java.nio.charset.StandardCharsets;

/**
 * How keys are written in a listing: as they are, or percent-encoded ({@code encoding-type=url}).
 */
enum KeyEncoding {
  PLAIN,
  URL;

  private static final String KEPT = "-._*/";
  private static final String HEX = "0123456789ABCDEF";

  static KeyEncoding of(boolean url) {
    return url ? URL : PLAIN;
  }

  /** Keeps slashes; a blank is {@code %20}, which every client decodes, with plus signs or not. */
  String encode(String key) {
    if (this == PLAIN) {
      return key;
    }
    StringBuilder encoded = new StringBuilder(key.length() + 16);
    for (byte each : key.getBytes(StandardCharsets.UTF_8)) {
      int octet = each & 0xff;
      if (isKept((char) octet)) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
      }
    }
    return encoded.toString();
  }

  private static boolean isKept(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || KEPT.indexOf(c) >= 0;
  }
}
