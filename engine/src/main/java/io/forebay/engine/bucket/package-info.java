/**
 * The object view of the same tree: keys are paths, a put is a new inode under a name, a copy
 * shares extents. Everything is decided inside one metadata transaction. Depends on file, cache,
 * segment and metadata.
 *
 * <p>Threads: all classes are thread-safe or confined to one call, except content on its way in and
 * pinned objects, which belong to one thread at a time. No locks are held: transactions run one by
 * one, and reads go by committed caches and snapshots.
 */
@NullMarked
package io.forebay.engine.bucket;

import org.jspecify.annotations.NullMarked;
