package io.forebay.engine.segment;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;

/** The life of a segment: OPEN, SEALED, STORED, DEAD, gone. {@link #code} is stored. */
public enum SegmentState {
  /** In staging, taking appends; only committed runs count. */
  OPEN(1),
  /** In staging, complete with its trailer, waiting for upload. */
  SEALED(2),
  /** In the bucket. */
  STORED(3),
  /** Nothing refers to it; its object, file and row are to be deleted. */
  DEAD(4),
  /** Its bytes are lost: reads fail, loudly. */
  LOST(5);

  private final int code;

  SegmentState(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static SegmentState ofCode(int code) {
    for (SegmentState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw new EngineException(ErrorCode.CORRUPT, "no segment state has the code " + code);
  }
}
