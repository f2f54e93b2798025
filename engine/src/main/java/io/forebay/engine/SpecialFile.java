package io.forebay.engine;

/**
 * A node without content.
 *
 * @param type FIFO, socket or device
 * @param major of a device, else 0
 * @param minor of a device, else 0
 */
public record SpecialFile(FileType type, int major, int minor) {
  public SpecialFile {
    switch (type) {
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {}
      case REGULAR, DIRECTORY, SYMLINK ->
          throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a special file: " + type);
    }
  }
}
