package io.forebay.engine.object;

import io.forebay.ambient.Invariant;

/** What a key looks like; a bad one is a defect of the caller. */
final class KeySyntax {
  private static final int MAX_LENGTH = 512;

  private KeySyntax() {}

  /** Throws unless {@code key} is legal. */
  static void check(String key) {
    Invariant.check(!key.isEmpty() && key.length() <= MAX_LENGTH, "key length", key.length());
    int start = 0;
    for (int i = 0; i <= key.length(); i++) {
      char c = i < key.length() ? key.charAt(i) : '/';
      if (c == '/') {
        String component = key.substring(start, i);
        Invariant.check(
            !component.isEmpty() && !component.equals(".") && !component.equals(".."),
            "a component of a key is empty or dots");
        start = i + 1;
      } else {
        Invariant.check(isLegal(c), "illegal character in a key", c);
      }
    }
  }

  private static boolean isLegal(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  static void checkLength(long length) {
    Invariant.check(length >= 1, "an object has 1 byte or more", length);
  }

  static void checkLimit(int limit) {
    Invariant.check(limit >= 1 && limit <= ObjectStore.MAX_LIST_PAGE, "list limit", limit);
  }
}
