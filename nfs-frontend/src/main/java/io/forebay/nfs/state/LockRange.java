package io.forebay.nfs.state;

import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;

/**
 * Bytes {@code first} to {@code last}, both inclusive and unsigned. A last byte of 2^64-1 is the
 * end of the file, wherever that will be.
 */
record LockRange(long first, long last) {
  private static final long TO_END = -1L;

  /**
   * A range as LOCK, LOCKT and LOCKU name it (RFC 8881 section 18.10.3): a length of 2^64-1 means
   * to the end.
   *
   * @throws NfsException INVAL for a length of zero and for an end beyond 2^64-1
   */
  static LockRange of(long offset, long length) {
    if (length == TO_END) {
      return new LockRange(offset, TO_END);
    }
    if (length == 0 || Long.compareUnsigned(length, ~offset) > 0) {
      throw new NfsException(NfsStatus.INVAL);
    }
    return new LockRange(offset, offset + length - 1);
  }

  /** As on the wire. */
  long length() {
    return last == TO_END ? TO_END : last - first + 1;
  }

  boolean overlaps(LockRange that) {
    return Long.compareUnsigned(first, that.last) <= 0
        && Long.compareUnsigned(that.first, last) <= 0;
  }
}
