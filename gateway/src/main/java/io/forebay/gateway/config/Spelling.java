package io.forebay.gateway.config;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what was meant by a name that does not exist. */
final class Spelling {
  private static final int MAX_EDITS = 3;

  private Spelling() {}

  /** {@code "; did you mean nfs.port?"}, or nothing when no name is near. */
  static String suggestion(String name, Collection<String> names) {
    return names.stream()
        .filter(each -> edits(name, each) <= Math.min(MAX_EDITS, each.length() / 2))
        .min(Comparator.<String>comparingInt(each -> edits(name, each)).thenComparing(each -> each))
        .map(nearest -> "; did you mean " + nearest + "?")
        .orElse("");
  }

  /** Levenshtein's distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
