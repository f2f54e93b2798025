package io.forebay.nfs.session;

/** The {@code SEQ4_STATUS} flags this server sets (RFC 8881 section 18.46). */
final class StatusFlags {
  /** No session of the client has a connection to call back over. */
  static final int CB_PATH_DOWN = 0x1;

  /** This session has none, another one of the client has. */
  static final int CB_PATH_DOWN_SESSION = 0x200;

  private StatusFlags() {}
}
