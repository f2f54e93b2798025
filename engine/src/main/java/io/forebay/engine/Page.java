package io.forebay.engine;

import java.util.List;

/**
 * Some of a longer list.
 *
 * @param items in the list's order
 * @param truncated whether more follow
 */
public record Page<T>(List<T> items, boolean truncated) {
  public Page {
    items = List.copyOf(items);
  }
}
