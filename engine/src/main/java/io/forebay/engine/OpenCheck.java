package io.forebay.engine;

/** Whether opening checks the caller's permission. */
public enum OpenCheck {
  /** The mode bits decide. */
  ENFORCE,
  /**
   * The right was already given: the caller created the file just now, or reclaims an open it had
   * before a restart.
   */
  ALREADY_GRANTED
}
