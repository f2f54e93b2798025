package io.forebay.engine;

/**
 * What a compaction would do, or did.
 *
 * @param dryRun nothing was rewritten
 * @param segments that are worth it: rewritten, or to be
 * @param gainedBytes that become free
 * @param rewrittenBytes that are read and written for it
 * @param skipped segments left alone because their bytes could not be read, or too much refers to
 *     them
 */
public record CompactionReport(
    boolean dryRun, long segments, long gainedBytes, long rewrittenBytes, long skipped) {}
