package io.forebay.nfs.xdr;

/** The bytes are not what their type says. No stack trace: it is a peer's mistake. */
public final class XdrException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public XdrException(String message) {
    super(message, null, false, false);
  }
}
