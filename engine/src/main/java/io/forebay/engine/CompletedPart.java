package io.forebay.engine;

import java.util.SortedMap;

/**
 * A part as the completing client names it.
 *
 * @param number 1 to 10,000
 * @param etag without quotes
 * @param checksums those the client gave; each must match the part's
 */
public record CompletedPart(int number, String etag, SortedMap<String, String> checksums) {}
