package io.forebay.engine.bucket;

import io.forebay.ambient.Invariant;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys as the bytes they are ordered by: UTF-8, compared unsigned. */
final class KeyBytes {
  static final byte[] EMPTY = {};

  private KeyBytes() {}

  static byte[] of(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  /** Whether some key can begin with this: whether it is well-formed Unicode. */
  static boolean isWellFormed(String text) {
    return text.equals(text(of(text)));
  }

  static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** What is left of a key that starts with {@code prefix}. */
  static byte[] after(byte[] key, byte[] prefix) {
    return Arrays.copyOfRange(key, prefix.length, key.length);
  }

  static byte[] join(byte[] head, byte[] tail) {
    byte[] joined = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, joined, head.length, tail.length);
    return joined;
  }

  /** The least byte string above {@code key}. */
  static byte[] next(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /**
   * The least byte string above all that begin with {@code prefix}, which is not empty and of
   * UTF-8, so that no byte of it is 0xff.
   */
  static byte[] afterAll(byte[] prefix) {
    byte[] bound = prefix.clone();
    Invariant.check(bound[bound.length - 1] != (byte) 0xff, "not UTF-8");
    bound[bound.length - 1]++;
    return bound;
  }

  static int indexOf(byte[] key, byte[] sought, int from) {
    for (int i = from; i <= key.length - sought.length; i++) {
      if (Arrays.equals(key, i, i + sought.length, sought, 0, sought.length)) {
        return i;
      }
    }
    return -1;
  }

  static int indexOf(byte[] key, byte sought) {
    for (int i = 0; i < key.length; i++) {
      if (key[i] == sought) {
        return i;
      }
    }
    return -1;
  }
}
