package io.forebay.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Which files this process has forced to disk, by the JDK's own account (Flight Recorder). */
public final class ForcedFiles {
  private ForcedFiles() {}

  /** What is watched. */
  public interface Action {
    void run() throws Exception;
  }

  /** Runs an action; returns the paths that were forced meanwhile, in order. */
  public static List<Path> during(Action action) throws Exception {
    Path file = Files.createTempFile("forced", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold().withoutStackTrace();
      recording.start();
      action.run();
      recording.stop();
      recording.dump(file);
      return read(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static List<Path> read(Path file) throws IOException {
    return RecordingFile.readAllEvents(file).stream()
        .sorted((a, b) -> a.getStartTime().compareTo(b.getStartTime()))
        .map(ForcedFiles::path)
        .toList();
  }

  private static Path path(RecordedEvent event) {
    return Path.of(event.getString("path"));
  }
}
