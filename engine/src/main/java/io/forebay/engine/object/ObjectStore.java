package io.forebay.engine.object;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What Forebay needs of a backing bucket, and no more. Keys are 1 to 512 characters of {@code
 * [A-Za-z0-9._/-]}, relative to the volume's prefix, no component empty or {@code "."} or {@code
 * ".."}; no key is a directory of another ({@code a} beside {@code a/b}).
 *
 * <p>Every method makes one attempt ({@link StoreException} says what a failure means); retrying is
 * a decorator's. What a {@code put} that returned stored is durable and visible to every later
 * {@code get} and {@code list}. Objects of segments are never overwritten; only the lease and other
 * named records are, by {@link #putIf}.
 */
public interface ObjectStore extends AutoCloseable {
  /** The most keys a page of a listing has. */
  int MAX_LIST_PAGE = 1000;

  /**
   * An object that was found.
   *
   * @param key its key
   * @param size in bytes
   * @param version opaque; differs between any two contents of the key (an ETag)
   * @param modifiedNanos since 1970-01-01T00:00:00Z, by the store's clock
   */
  record Stat(String key, long size, String version, long modifiedNanos) {}

  /**
   * An object's bytes with its version.
   *
   * @param bytes all of them, from position to limit
   */
  record Fetched(ByteBuffer bytes, String version) {}

  /**
   * A page of a listing, in key order.
   *
   * @param objects at most {@link #MAX_LIST_PAGE}
   * @param truncated whether more follow after the last
   */
  record ListPage(List<Stat> objects, boolean truncated) {
    public ListPage {
      objects = List.copyOf(objects);
    }
  }

  /**
   * Stores, replacing what was there.
   *
   * @param body 1 byte or more (not every server takes less); read from its beginning, maybe more
   *     than once
   * @return the new version
   */
  String put(String key, Body body);

  /**
   * Stores only if the object's version is still {@code expected} (empty: only if there is none).
   * Atomic against every other writer.
   *
   * @param body 1 byte or more; its position stays
   * @return the new version
   * @throws StoreException {@link StoreException.Kind#CONFLICT} when it is not
   */
  String putIf(String key, ByteBuffer body, Optional<String> expected);

  /**
   * Reads a range, whole or not at all: a short answer is {@link StoreException.Kind#CORRUPT}.
   *
   * @param offset 0 or more
   * @param target filled from position to limit; on failure its content is undefined
   * @throws StoreException {@link StoreException.Kind#MISSING}; {@link StoreException.Kind#CORRUPT}
   *     for a range the object does not have
   */
  void get(String key, long offset, ByteBuffer target);

  /**
   * Reads a whole small object with its version.
   *
   * @param maximum more bytes than this are {@link StoreException.Kind#CORRUPT}
   */
  Fetched fetch(String key, int maximum);

  /** Empty when there is none. */
  Optional<Stat> stat(String key);

  /** Removes; there being none is a success. */
  void delete(String key);

  /**
   * Objects whose keys begin with {@code prefix} and are greater than {@code after}. Complete: a
   * page that is not {@code truncated} ends the listing.
   *
   * @param prefix may be ""
   * @param after "" for the beginning
   * @param limit 1 to {@link #MAX_LIST_PAGE}
   */
  ListPage list(String prefix, String after, int limit);

  /** For people: where this is, without credentials. */
  String describe();

  @Override
  void close();
}
