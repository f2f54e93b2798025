package io.forebay.engine.segment;

import java.io.IOException;

/** Bytes of a segment are not what was written. */
public final class DamagedSegmentException extends IOException {
  private static final long serialVersionUID = 1L;

  public DamagedSegmentException(String message) {
    super(message);
  }
}
