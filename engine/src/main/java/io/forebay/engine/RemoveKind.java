package io.forebay.engine;

/** What a removal takes. */
public enum RemoveKind {
  /** Anything but a directory (unlink). */
  FILE,
  /** A directory only (rmdir). */
  DIRECTORY,
  /** Either (RFC 8881 REMOVE). */
  ANY
}
