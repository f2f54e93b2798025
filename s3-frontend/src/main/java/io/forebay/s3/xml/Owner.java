package io.forebay.s3.xml;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An owner as S3 shows one.
 *
 * @param id canonical: 64 hex digits that stand for the user for ever
 * @param displayName the user's number
 */
public record Owner(String id, String displayName) {
  /** Of a user, unsigned 32-bit. */
  public static Owner of(int uid) {
    String number = Integer.toUnsignedString(uid);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(("forebay uid " + number).getBytes(StandardCharsets.US_ASCII));
      return new Owner(HexFormat.of().formatHex(hash), number);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  void write(XmlWriter xml, String element) {
    xml.open(element).element("ID", id).element("DisplayName", displayName).close();
  }
}
