package io.forebay.engine;

/** A right on an inode, as the mode bits give it. */
public enum Permission {
  READ,
  WRITE,
  /** Execute a file, search a directory. */
  EXECUTE
}
