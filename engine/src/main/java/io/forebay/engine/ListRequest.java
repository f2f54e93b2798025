package io.forebay.engine;

/**
 * Which keys to list.
 *
 * @param prefix keys begin with it; "" for all. Any string: one that no key can have lists nothing
 * @param delimiter "" for none; keys that contain it after the prefix are rolled up. "/" is cheap,
 *     any other is correct
 * @param after keys, and rolled-up prefixes, greater than this in UTF-8 byte order; "" for all
 * @param limit 0 to 1,000 keys and rolled-up prefixes together
 */
public record ListRequest(String prefix, String delimiter, String after, int limit) {}
