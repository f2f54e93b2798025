package io.forebay.engine.shipping;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of an object: what the next one names. */
record Digest(String hex) {
  static final int BYTES = 32;

  static Digest of(ByteBuffer bytes) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(bytes.duplicate());
      return new Digest(HexFormat.of().formatHex(sha.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static Digest of(String text) {
    return of(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  static Digest read(ByteBuffer from) {
    byte[] bytes = new byte[BYTES];
    from.get(bytes);
    return new Digest(HexFormat.of().formatHex(bytes));
  }

  void write(ByteBuffer to) {
    to.put(HexFormat.of().parseHex(hex));
  }

  @Override
  public String toString() {
    return hex;
  }
}
