package io.forebay.gateway;

import io.forebay.gateway.cli.ExitCode;
import io.forebay.gateway.config.Option;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data directory that this process alone has, from {@link #lock} to {@link #close}. The lock is
 * the operating system's, on {@code run/lock}, and ends with the process, however it ends.
 */
final class DataDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);
  private static final String RUN = "run";
  private static final String ENDPOINTS = "endpoints.json";
  private static final int MAX_PID_BYTES = 20;

  private final Path run;
  private final FileChannel lockFile;

  private DataDirectory(Path run, FileChannel lockFile) {
    this.run = run;
    this.lockFile = lockFile;
  }

  /**
   * Creates the directory where it is missing, for its owner only, and takes it.
   *
   * @param pid of this process, shown to whoever else wants the directory
   */
  static DataDirectory lock(Path directory, long pid) throws StartFailedException {
    Path run = directory.resolve(RUN);
    try {
      createForOwner(directory);
      Files.createDirectories(run);
      FileChannel channel =
          FileChannel.open(
              run.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try {
        if (!tryLock(channel)) {
          throw inUse(directory, channel);
        }
        channel
            .truncate(0)
            .write(ByteBuffer.wrap(Long.toString(pid).getBytes(StandardCharsets.US_ASCII)), 0);
        Files.deleteIfExists(run.resolve(ENDPOINTS));
        return new DataDirectory(run, channel);
      } catch (IOException | StartFailedException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StartFailedException(
          ExitCode.DATA_DIRECTORY,
          "the data directory "
              + directory
              + " cannot be used ("
              + e
              + "); another one: "
              + Option.DATA.flag().orElse(Option.DATA.key()),
          e);
    }
  }

  static void createForOwner(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      // Made by somebody else just now, or no directory: the next step tells.
      log.debug("{} exists", directory, e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static StartFailedException inUse(Path directory, FileChannel channel)
      throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_PID_BYTES);
    channel.read(text, 0);
    String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString();
    return new StartFailedException(
        ExitCode.DATA_DIRECTORY,
        "the data directory "
            + directory
            + " is in use by process "
            + (pid.matches("[0-9]+") ? pid : "(unknown)"),
        null);
  }

  /** Writes {@code run/endpoints.json}, whole or not at all. */
  void publish(String endpoints) throws IOException {
    Path next = run.resolve(ENDPOINTS + ".tmp");
    Files.writeString(next, endpoints);
    Files.move(
        next,
        run.resolve(ENDPOINTS),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Takes the endpoints back and gives the directory up. */
  @Override
  public void close() throws IOException {
    try (lockFile) {
      Files.deleteIfExists(run.resolve(ENDPOINTS));
    }
  }
}
