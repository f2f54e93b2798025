package io.forebay.engine;

import java.util.List;

/**
 * A page of a listing.
 *
 * @param items objects and rolled-up prefixes, merged, in UTF-8 byte order
 * @param truncated whether more follow; the next page is after the last item's {@link Item#key()}
 */
public record ObjectListing(List<Item> items, boolean truncated) {
  public ObjectListing {
    items = List.copyOf(items);
  }

  /** One line of a listing. */
  public sealed interface Item {
    /** The key, or the prefix. */
    String key();
  }

  /** An object. */
  public record Listed(ObjectInfo info) implements Item {
    @Override
    public String key() {
      return info.key().value();
    }
  }

  /** Keys that share {@code key}, which ends in the delimiter. */
  public record CommonPrefix(String key) implements Item {}
}
