package io.forebay.engine.segment;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the loss of a segment known, and keeps what is left of it. */
final class Damage {
  private static final Logger log = LoggerFactory.getLogger(Damage.class);

  private Damage() {}

  /** Renames the file to {@code .bad}, which nothing ever deletes, and says what happened. */
  static void report(StagingContext context, Path file, SegmentId id, String why) {
    Path aside = file.resolveSibling(file.getFileName() + ".bad");
    String kept = "its file is kept as " + aside;
    try {
      context.files().rename(file, aside);
    } catch (IOException e) {
      kept = "its file cannot be kept: " + e;
    }
    String sentence = id + " is lost: " + why + "; reads of its files fail; " + kept;
    context.problems().report("lost " + id, sentence);
    log.error(sentence);
  }
}
