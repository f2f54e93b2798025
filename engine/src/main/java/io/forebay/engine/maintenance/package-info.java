/**
 * Work that nobody waits for: deletion queues, dead segments, abandoned uploads. Depends on
 * metadata, segment, cache, object.
 */
@NullMarked
package io.forebay.engine.maintenance;

import org.jspecify.annotations.NullMarked;
