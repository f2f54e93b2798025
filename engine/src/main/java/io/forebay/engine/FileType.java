package io.forebay.engine;

/** What an inode is. {@link #code} is part of the volume format. */
public enum FileType {
  REGULAR(1),
  DIRECTORY(2),
  SYMLINK(3),
  FIFO(4),
  SOCKET(5),
  CHARACTER_DEVICE(6),
  BLOCK_DEVICE(7);

  private final int code;

  FileType(int code) {
    this.code = code;
  }

  /** The number stored in the metadata. */
  public int code() {
    return code;
  }

  /** The type stored as {@code code}; a number that is none is corruption. */
  public static FileType ofCode(int code) {
    for (FileType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new EngineException(ErrorCode.CORRUPT, "no file type has the code " + code);
  }
}
