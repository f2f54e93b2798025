package io.forebay.engine.metadata;

import io.forebay.engine.VolumeId;

/**
 * What a volume is, fixed when it is made.
 *
 * @param id its identity
 * @param segmentBytes most data in a segment
 * @param createdNanos since 1970-01-01T00:00:00Z
 */
public record Volume(VolumeId id, int segmentBytes, long createdNanos) {}
