package io.forebay.nfs.handler;

import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.state.ShareMode;

/**
 * What an OPEN's share_access says (RFC 8881 section 18.16.3).
 *
 * @param mode how to share
 * @param noDelegationReason why there is no delegation, {@code why_no_delegation4}; -1 where the
 *     client did not ask
 */
record OpenWish(ShareMode mode, int noDelegationReason) {
  private static final int MODE_BITS = 0x3;
  private static final int WANT_BITS = 0xff00;
  private static final int SIGNAL_WHEN_AVAILABLE = 0x10000;
  private static final int PUSH_WHEN_UNCONTENDED = 0x20000;

  private static final int WANT_NO_PREFERENCE = 0x0000;
  private static final int WANT_READ = 0x0100;
  private static final int WANT_WRITE = 0x0200;
  private static final int WANT_ANY = 0x0300;
  private static final int WANT_NONE = 0x0400;
  private static final int WANT_CANCEL = 0x0500;

  private static final int NOT_ASKED = -1;
  private static final int NOT_WANTED = 0;
  private static final int NOT_SUPPORTED_FOR_TYPE = 3;
  private static final int CANCELLED = 7;

  /** Throws INVAL for bits without a meaning. */
  static OpenWish of(NfsOp.Open op) {
    int known = MODE_BITS | WANT_BITS | SIGNAL_WHEN_AVAILABLE | PUSH_WHEN_UNCONTENDED;
    if ((op.access() & ~known) != 0) {
      throw new NfsException(NfsStatus.INVAL);
    }
    int reason =
        switch (op.access() & WANT_BITS) {
          case WANT_NO_PREFERENCE -> NOT_ASKED;
          case WANT_READ, WANT_WRITE, WANT_ANY -> NOT_SUPPORTED_FOR_TYPE;
          case WANT_NONE -> NOT_WANTED;
          case WANT_CANCEL -> CANCELLED;
          default -> throw new NfsException(NfsStatus.INVAL);
        };
    return new OpenWish(new ShareMode(op.access() & MODE_BITS, op.deny()), reason);
  }

  /** For OPEN_DOWNGRADE, which takes wishes too and has nothing to answer them with. */
  static ShareMode plainMode(int access, int deny) {
    return new ShareMode(access & ~WANT_BITS, deny);
  }
}
