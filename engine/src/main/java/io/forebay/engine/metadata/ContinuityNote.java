package io.forebay.engine.metadata;

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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code shipped} beside the database: the log in the bucket that this database goes on
 * with, and how far that was when the local log last began anew (docs/format.md, "The data
 * directory"). Without it, or when it does not agree with what is there, the bucket gets a new
 * snapshot first.
 */
public final class ContinuityNote {
  private static final Pattern TEXT =
      Pattern.compile(
          "forebay shipped\nformat 1\ngeneration (\\d{1,19})\nsequence (\\d{1,19})\n"
              + "digest ([0-9a-f]{64})\ndatabase_bytes (\\d{1,19})\n"
              + "database_modified_ns (\\d{1,19})\n"
              + "resetting (true|false)\n");

  /**
   * What it says.
   *
   * @param generation of the log in the bucket
   * @param sequence of the last object that was shipped before the local log last began anew
   * @param digest of that object, in hexadecimal
   * @param databaseBytes size of the database's file since then
   * @param databaseModifiedNanos when that was written last
   * @param isResetting whether the log was about to begin anew; then the two before do not count
   */
  public record Content(
      long generation,
      long sequence,
      String digest,
      long databaseBytes,
      long databaseModifiedNanos,
      boolean isResetting) {}

  private final Path directory;
  private final Path file;

  ContinuityNote(Path directory) {
    this.directory = directory;
    this.file = directory.resolve("shipped");
  }

  /** Empty without a note, and for one that nobody can read. */
  public Optional<Content> read() {
    try {
      Matcher text = TEXT.matcher(Files.readString(file, StandardCharsets.US_ASCII));
      return text.matches()
          ? Optional.of(
              new Content(
                  Long.parseLong(text.group(1)),
                  Long.parseLong(text.group(2)),
                  text.group(3),
                  Long.parseLong(text.group(4)),
                  Long.parseLong(text.group(5)),
                  Boolean.parseBoolean(text.group(6))))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | NumberFormatException e) {
      throw new EngineException(ErrorCode.IO, "cannot read " + file, e);
    }
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** Durable on return. */
  public void write(Content content) {
    String text =
        ("forebay shipped\nformat 1\ngeneration %d\nsequence %d\ndigest %s\n"
                + "database_bytes %d\ndatabase_modified_ns %d\nresetting %s\n")
            .formatted(
                content.generation(),
                content.sequence(),
                content.digest(),
                content.databaseBytes(),
                content.databaseModifiedNanos(),
                content.isResetting());
    Path next = file.resolveSibling("shipped~");
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      DurableDirectories.force(directory);
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "cannot write " + file, e);
    }
  }

  /** Durable on return: what is in the bucket is not gone on with. */
  public void delete() {
    try {
      if (Files.deleteIfExists(file)) {
        DurableDirectories.force(directory);
      }
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "cannot delete " + file, e);
    }
  }
}
