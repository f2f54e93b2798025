package io.forebay.engine.segment;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.io.IOException;

/** What a failed disk access means. */
final class DiskErrors {
  private DiskErrors() {}

  /** ENOSPC and EDQUOT, which Java tells by their texts only. */
  static boolean isFull(IOException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("No space left") || text.contains("quota exceeded");
  }

  static EngineException translate(String what, IOException e) {
    return new EngineException(
        isFull(e) ? ErrorCode.NO_SPACE : ErrorCode.IO, what + ": " + e.getMessage(), e);
  }
}
