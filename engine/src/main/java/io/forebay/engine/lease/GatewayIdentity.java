package io.forebay.engine.lease;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.object.DurableDirectories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Who this gateway is, as long as it lives in this data directory: what lets it take its own lease
 * over after a crash. It is no part of the metadata, which may be restored elsewhere, and it names
 * the inode of its own file, so that the copy of a data directory is another gateway.
 *
 * @param id 32 hexadecimal digits
 * @param host where it runs, for people
 * @param pid of its process, for people
 */
public record GatewayIdentity(String id, String host, long pid) {
  private static final String FILE = "gateway";

  /**
   * Reads who lives in a directory, or makes it up.
   *
   * @param dataDirectory locked by this process
   * @throws EngineException {@link ErrorCode#IO}
   */
  public static GatewayIdentity of(Path dataDirectory, RandomGenerator random) {
    try {
      Path file = dataDirectory.resolve(FILE);
      String id = read(file);
      if (id.isEmpty()) {
        id = create(file, random);
      }
      return new GatewayIdentity(id, hostName(), ProcessHandle.current().pid());
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "cannot tell which gateway lives here: " + e, e);
    }
  }

  /** Empty when there is none, or one that was made elsewhere. */
  private static String read(Path file) throws IOException {
    try {
      String[] words = Files.readString(file, StandardCharsets.US_ASCII).split("\\s+", -1);
      boolean valid =
          words.length >= 2
              && words[0].matches("[0-9a-f]{32}")
              && words[1].equals(String.valueOf(inode(file)));
      return valid ? words[0] : "";
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static String create(Path file, RandomGenerator random) throws IOException {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    Path fresh = file.resolveSibling(FILE + ".tmp");
    Files.deleteIfExists(fresh);
    try (FileChannel out =
        FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      String text = id + " " + inode(fresh) + "\n";
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      DurableDirectories.force(directory);
    }
    return id;
  }

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  private static String hostName() {
    try {
      String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      return name.isEmpty() ? "unknown" : name.replaceAll("\\s", "_");
    } catch (IOException e) {
      // For people only; not every system has it.
      return "unknown";
    }
  }
}
