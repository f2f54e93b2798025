package io.forebay.engine.object;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Directories whose names outlast a power cut: a new name is durable once its parent was forced.
 */
public final class DurableDirectories {
  private DurableDirectories() {}

  /** Creates what is missing, and forces the names of all that was missing and of the last. */
  public static void create(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      return;
    }
    if (!Files.isDirectory(parent)) {
      create(parent);
    }
    createBelow(parent, absolute);
  }

  /** Creates one below a durable one where it is missing, and forces its name in any case. */
  static void createBelow(Path parent, Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    force(parent);
  }

  /** Makes the names in a directory durable. */
  public static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
