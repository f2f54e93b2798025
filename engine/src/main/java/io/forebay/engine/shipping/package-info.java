/**
 * The metadata's log in the bucket: shipped while the gateway runs, with snapshots, and read back
 * by a recovery (docs/format.md, "The metadata's log"). Depends on metadata, segment, object.
 */
@NullMarked
package io.forebay.engine.shipping;

import org.jspecify.annotations.NullMarked;
