package io.forebay.engine;

import java.util.List;

/**
 * A page of versions.
 *
 * @param items in the order of keys, each key's latest version first
 */
public record VersionListing(List<Item> items, boolean truncated) {
  public VersionListing {
    items = List.copyOf(items);
  }

  /** One line. */
  public sealed interface Item {
    /** The key, or the prefix. */
    String key();
  }

  /** A version. */
  public record Version(ObjectInfo info, boolean latest) implements Item {
    @Override
    public String key() {
      return info.key().value();
    }
  }

  /** A delete marker. */
  public record Marker(
      String key, VersionId version, long lastModifiedNanos, int owner, boolean latest)
      implements Item {}

  /** Keys that share {@code key}, which ends in the delimiter. */
  public record CommonPrefix(String key) implements Item {}
}
