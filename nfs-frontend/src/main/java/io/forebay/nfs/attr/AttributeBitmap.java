package io.forebay.nfs.attr;

import io.forebay.nfs.xdr.XdrReader;
import io.forebay.nfs.xdr.XdrWriter;
import java.util.function.Predicate;

/**
 * {@code bitmap4}: a set of attribute numbers (RFC 8881 section 3.3.7).
 *
 * @param low attributes 0 to 63
 * @param high attributes 64 to 95
 * @param beyond whether there is an attribute above 95, none of which is known
 */
public record AttributeBitmap(long low, int high, boolean beyond) {
  public static final AttributeBitmap EMPTY = new AttributeBitmap(0, 0, false);

  /** Everything this server supports, to read or to set. */
  public static final AttributeBitmap SUPPORTED = ofAll(attribute -> true);

  /** What SETATTR may carry. */
  public static final AttributeBitmap SETTABLE = ofAll(Attribute::isSettable);

  /** What GETATTR may ask for. */
  public static final AttributeBitmap READABLE = ofAll(Attribute::isReadable);

  /**
   * What an EXCLUSIVE4_1 create may carry: everything settable, as the verifier has its own place.
   */
  public static final AttributeBitmap EXCLUSIVE_CREATE = SETTABLE;

  private static final int MAX_WORDS = 16;
  private static final int WORD_BITS = 32;
  private static final int LOW_BITS = 64;

  private static AttributeBitmap ofAll(Predicate<Attribute> chosen) {
    AttributeBitmap bitmap = EMPTY;
    for (Attribute attribute : Attribute.values()) {
      if (chosen.test(attribute)) {
        bitmap = bitmap.with(attribute);
      }
    }
    return bitmap;
  }

  public static AttributeBitmap of(Attribute... attributes) {
    AttributeBitmap bitmap = EMPTY;
    for (Attribute attribute : attributes) {
      bitmap = bitmap.with(attribute);
    }
    return bitmap;
  }

  public static AttributeBitmap decode(XdrReader reader) {
    int words = reader.readCount(MAX_WORDS);
    long low = 0;
    int high = 0;
    boolean beyond = false;
    for (int i = 0; i < words; i++) {
      int word = reader.readInt();
      switch (i) {
        case 0 -> low |= Integer.toUnsignedLong(word);
        case 1 -> low |= Integer.toUnsignedLong(word) << WORD_BITS;
        case 2 -> high = word;
        default -> beyond |= word != 0;
      }
    }
    return new AttributeBitmap(low, high, beyond);
  }

  /** Without trailing zero words. */
  public void encode(XdrWriter writer) {
    int second = (int) (low >>> WORD_BITS);
    int words = high != 0 ? 3 : second != 0 ? 2 : low != 0 ? 1 : 0;
    writer.writeInt(words);
    if (words > 0) {
      writer.writeInt((int) low);
    }
    if (words > 1) {
      writer.writeInt(second);
    }
    if (words > 2) {
      writer.writeInt(high);
    }
  }

  public boolean contains(Attribute attribute) {
    int number = attribute.number();
    return number < LOW_BITS ? (low & 1L << number) != 0 : (high & 1 << (number - LOW_BITS)) != 0;
  }

  public AttributeBitmap with(Attribute attribute) {
    int number = attribute.number();
    return number < LOW_BITS
        ? new AttributeBitmap(low | 1L << number, high, beyond)
        : new AttributeBitmap(low, high | 1 << (number - LOW_BITS), beyond);
  }

  /** What both have. */
  public AttributeBitmap and(AttributeBitmap other) {
    return new AttributeBitmap(low & other.low, high & other.high, beyond && other.beyond);
  }

  /** Whether everything here is in {@code other} too. */
  public boolean isWithin(AttributeBitmap other) {
    return (low & ~other.low) == 0 && (high & ~other.high) == 0 && (!beyond || other.beyond);
  }

  public boolean isEmpty() {
    return low == 0 && high == 0 && !beyond;
  }
}
