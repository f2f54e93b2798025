package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second process away from a volume's metadata: what this one has in memory would be wrong
 * at once, and the other's recovery would take the files that this one is writing for left over.
 * The operating system lets go of it when the process ends, however it ends.
 */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws EngineException {@link ErrorCode#FENCED} when somebody else has it
   */
  static DirectoryLock take(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // By this very process.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new EngineException(
          ErrorCode.FENCED, "the metadata in " + directory + " is in use by another process");
    }
    return new DirectoryLock(channel);
  }

  /** Idempotent. */
  @Override
  public void close() throws IOException {
    // And with it the lock.
    channel.close();
  }
}
