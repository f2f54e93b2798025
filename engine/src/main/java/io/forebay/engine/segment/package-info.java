/**
 * Segments: their format, the staging area that holds them until they are in the bucket, and the
 * uploader. Knows metadata only as {@link io.forebay.engine.segment.SegmentLedger}, which {@code
 * io.forebay.engine.metadata} implements. Depends on {@code io.forebay.engine}, {@code
 * io.forebay.engine.object}.
 */
@NullMarked
package io.forebay.engine.segment;

import org.jspecify.annotations.NullMarked;
