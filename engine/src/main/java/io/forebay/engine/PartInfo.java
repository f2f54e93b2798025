package io.forebay.engine;

import java.util.SortedMap;

/**
 * A part that was uploaded.
 *
 * @param number 1 to 10,000
 * @param etag MD5 in hex, without quotes
 * @param size in bytes
 * @param lastModifiedNanos since 1970-01-01T00:00:00Z
 * @param checksums as {@link ObjectProperties#checksums}
 */
public record PartInfo(
    int number,
    String etag,
    long size,
    long lastModifiedNanos,
    SortedMap<String, String> checksums) {}
