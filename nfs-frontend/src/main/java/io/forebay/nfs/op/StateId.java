package io.forebay.nfs.op;

/**
 * {@code stateid4} (RFC 8881 section 8.2): a sequence number and twelve opaque bytes, kept as a
 * {@code long} and an {@code int} in wire order.
 *
 * @param seqid unsigned; 0 in a request means the newest
 * @param high the first eight bytes of {@code other}
 * @param low the last four bytes of {@code other}
 */
public record StateId(int seqid, long high, int low) {
  /** All bits zero: nobody's open (section 8.2.3). */
  public static final StateId ANONYMOUS = new StateId(0, 0, 0);

  /** All bits one: nobody's open, and reads pass share reservations (section 8.2.3). */
  public static final StateId READ_BYPASS = new StateId(-1, -1, -1);

  /** Stands for the stateid that the compound's last operation set (section 16.2.3.1.2). */
  public static final StateId CURRENT = new StateId(1, 0, 0);

  /** The value no state ever has (section 8.2.3). */
  public static final StateId INVALID = new StateId(-1, 0, 0);

  /** Whether {@code other} is all zeroes or all ones: reserved for special meanings. */
  public boolean isSpecial() {
    return (high == 0 && low == 0) || (high == -1 && low == -1);
  }

  /** Whether both name the same state, at whatever sequence number. */
  public boolean sameOther(StateId that) {
    return high == that.high && low == that.low;
  }

  public StateId withSeqid(int newSeqid) {
    return new StateId(newSeqid, high, low);
  }
}
