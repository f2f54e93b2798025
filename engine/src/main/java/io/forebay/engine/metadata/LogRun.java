package io.forebay.engine.metadata;

import java.util.SortedMap;

/**
 * Consecutive frames of the write-ahead log: the last state of each page in them.
 *
 * @param from where it begins
 * @param to where it ends
 * @param databasePages size of the database behind the last commit in it; 0 without one
 * @param isWhole whether it ends with a commit; else the transaction goes on in the next run
 * @param frames by page number, the index of the frame that has the page's last state
 */
public record LogRun(
    LogPlace from,
    LogPlace to,
    int databasePages,
    boolean isWhole,
    SortedMap<Integer, Integer> frames) {}
