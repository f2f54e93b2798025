package io.forebay.nfs.attr;

/** Attributes to set that cannot be taken. No stack trace: it is a client's mistake. */
public final class AttributeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Problem {
    /** An attribute this server does not have. */
    NOT_SUPPORTED,
    /** One that cannot be set, or a value out of its range. */
    INVALID,
    /** An owner or group that is no number. */
    BAD_OWNER,
    /** The values are not what the mask says. */
    MALFORMED
  }

  private final Problem problem;

  public AttributeException(Problem problem) {
    super(problem.name(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
