package io.forebay.engine;

import java.util.Optional;

/**
 * What a collection of garbage found, and, unless it was a dry run, removed.
 *
 * @param dryRun nothing was removed
 * @param queuedInodes files that lost their last name and wait for deletion
 * @param queuedBytes what they take
 * @param deadSegments segments that nothing refers to any more
 * @param deadBytes their data
 * @param listedObjects objects of segments in the bucket
 * @param orphans objects that the metadata knows nothing of and that are old enough to go
 * @param orphanBytes their size
 * @param failure why the bucket's orphans could not be told: then none was touched
 */
public record GarbageReport(
    boolean dryRun,
    long queuedInodes,
    long queuedBytes,
    long deadSegments,
    long deadBytes,
    long listedObjects,
    long orphans,
    long orphanBytes,
    Optional<String> failure) {}
