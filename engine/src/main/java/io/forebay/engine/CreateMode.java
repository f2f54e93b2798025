package io.forebay.engine;

/** How a regular file is created when the name may exist (RFC 8881 section 18.16). */
public sealed interface CreateMode {
  /** An existing regular file is opened as it is; a size of 0 among the changes truncates it. */
  record Unchecked() implements CreateMode {}

  /** An existing name is {@link ErrorCode#EXISTS}. */
  record Guarded() implements CreateMode {}

  /**
   * An existing name is {@link ErrorCode#EXISTS} unless it was created with this very verifier: a
   * retry finds its own file. The verifier is stored durably with the inode.
   */
  record Exclusive(long verifier) implements CreateMode {}

  CreateMode UNCHECKED = new Unchecked();
  CreateMode GUARDED = new Guarded();
}
