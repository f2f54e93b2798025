package io.forebay.nfs.attr;

import io.forebay.nfs.xdr.Opaque;

/**
 * Owners and groups as decimal numbers, which is what clients and servers with AUTH_SYS agree on
 * (RFC 8881 section 5.9).
 */
final class OwnerNames {
  private static final int MAX_DIGITS = 10;

  private OwnerNames() {}

  static Opaque encode(int id) {
    return Opaque.of(Integer.toUnsignedString(id));
  }

  /** Throws {@link AttributeException.Problem#BAD_OWNER} for anything but a number below 2^32. */
  static int decode(Opaque name) {
    String text = name.toText();
    boolean digits =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || Long.parseLong(text) > 0xffff_ffffL) {
      throw new AttributeException(AttributeException.Problem.BAD_OWNER);
    }
    return Integer.parseUnsignedInt(text);
  }
}
