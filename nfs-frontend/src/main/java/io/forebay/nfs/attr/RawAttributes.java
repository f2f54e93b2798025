package io.forebay.nfs.attr;

import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrReader;

/**
 * {@code fattr4}: values as they came, to be decoded when the operation runs, so that a bad
 * attribute gets the operation's own error.
 *
 * @param mask which
 * @param values their values, in order of their numbers
 */
public record RawAttributes(AttributeBitmap mask, Opaque values) {
  public static final RawAttributes NONE = new RawAttributes(AttributeBitmap.EMPTY, Opaque.EMPTY);

  private static final int MAX_BYTES = 64 << 10;

  public static RawAttributes decode(XdrReader reader) {
    AttributeBitmap mask = AttributeBitmap.decode(reader);
    return new RawAttributes(mask, reader.readOpaque(MAX_BYTES));
  }
}
