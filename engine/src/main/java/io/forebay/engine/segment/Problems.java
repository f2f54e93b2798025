package io.forebay.engine.segment;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What is wrong right now, for people: one sentence for each subject, until it is cleared. Bounded
 * by its subjects. Thread-safe, never blocks.
 */
public final class Problems {
  private static final int MAX_SUBJECTS = 200;

  private final ConcurrentSkipListMap<String, String> sentences = new ConcurrentSkipListMap<>();

  /** Sets or replaces what is wrong with a subject. True when the subject was fine before. */
  public boolean report(String subject, String sentence) {
    if (sentences.size() >= MAX_SUBJECTS && !sentences.containsKey(subject)) {
      return false;
    }
    return sentences.put(subject, sentence) == null;
  }

  /** True when there was something wrong with the subject. */
  public boolean clear(String subject) {
    return sentences.remove(subject) != null;
  }

  public List<String> list() {
    return List.copyOf(sentences.values());
  }
}
