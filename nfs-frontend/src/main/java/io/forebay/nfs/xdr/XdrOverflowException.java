package io.forebay.nfs.xdr;

/** A message would become longer than its bound. No stack trace: it is answered, not reported. */
public final class XdrOverflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  XdrOverflowException(int limit) {
    super("a message is limited to " + limit + " bytes", null, false, false);
  }
}
