package io.forebay.s3.checksum;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.Checksum;

/** A checksum being computed over bytes as they pass. One thread at a time. */
public interface ContentDigest {
  /** Takes in all that remains, which is consumed. */
  void update(ByteBuffer data);

  /** The value in network byte order. Called once. */
  byte[] finish();

  static ContentDigest of(MessageDigest digest) {
    return new ContentDigest() {
      @Override
      public void update(ByteBuffer data) {
        digest.update(data);
      }

      @Override
      public byte[] finish() {
        return digest.digest();
      }
    };
  }

  /**
   * Of a checksum that fits a long.
   *
   * @param length of its value in bytes: 4 or 8
   */
  static ContentDigest of(Checksum checksum, int length) {
    return new ContentDigest() {
      @Override
      public void update(ByteBuffer data) {
        checksum.update(data);
      }

      @Override
      public byte[] finish() {
        ByteBuffer value = ByteBuffer.allocate(Long.BYTES).putLong(checksum.getValue());
        byte[] bytes = new byte[length];
        value.get(Long.BYTES - length, bytes);
        return bytes;
      }
    };
  }
}
