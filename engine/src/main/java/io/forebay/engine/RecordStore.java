package io.forebay.engine;

import java.util.List;
import java.util.Optional;

/**
 * Small durable records that a frontend keeps for itself (clients for reclaim, settings). Each call
 * is one transaction, durable on return.
 */
public interface RecordStore {
  /** The largest value, in bytes. */
  int MAX_VALUE = 64 << 10;

  /**
   * A record.
   *
   * @param key 1 to 255 bytes of UTF-8
   * @param value 0 to {@link #MAX_VALUE} bytes; not to be changed
   */
  record Entry(String key, byte[] value) {}

  Optional<byte[]> get(String space, String key);

  /** Creates or replaces. */
  void put(String space, String key, byte[] value);

  /** Removes; nothing happens when there is none. */
  void remove(String space, String key);

  /**
   * Records of a space in key order.
   *
   * @param afterKey keys greater than this; "" for the beginning
   * @param limit 1 to 1,000
   */
  List<Entry> list(String space, String afterKey, int limit);
}
