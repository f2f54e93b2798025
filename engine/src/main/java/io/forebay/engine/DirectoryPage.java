package io.forebay.engine;

import java.util.List;

/**
 * Some entries of a directory in cookie order.
 *
 * @param entries as many as were asked for, unless the directory ended
 * @param end whether nothing follows
 */
public record DirectoryPage(List<DirectoryEntry> entries, boolean end) {
  public DirectoryPage {
    entries = List.copyOf(entries);
  }
}
