package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;

/** What a row of the work table asks for. {@link #code} is stored. */
public enum WorkKind {
  /** Delete an inode that has no name and no holder any more: its extents in steps, then itself. */
  DELETE_INODE(1);

  private final int code;

  WorkKind(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  static WorkKind ofCode(int code) {
    for (WorkKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new EngineException(ErrorCode.CORRUPT, "no work has the code " + code);
  }
}
