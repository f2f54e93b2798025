package io.forebay.engine;

/** What can be set of a bucket. {@link #code} is stored; a code is never used again. */
public enum BucketSetting {
  /** One byte: 1 enabled, 2 suspended. Written by {@link ObjectView#setVersioning}. */
  VERSIONING(1),
  /** Written by {@link ObjectView#setObjectLock}. */
  OBJECT_LOCK(2),
  LIFECYCLE(3),
  CORS(4),
  TAGGING(5),
  OWNERSHIP_CONTROLS(6),
  PUBLIC_ACCESS_BLOCK(7),
  POLICY(8),
  NOTIFICATION(9),
  LOGGING(10);

  /** The most bytes a setting has. */
  public static final int MAX_BYTES = 256 << 10;

  private final int code;

  BucketSetting(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** {@link ErrorCode#CORRUPT} for a code that none has. */
  public static BucketSetting ofCode(int code) {
    for (BucketSetting setting : values()) {
      if (setting.code == code) {
        return setting;
      }
    }
    throw new EngineException(ErrorCode.CORRUPT, "no bucket setting has the code " + code);
  }
}
