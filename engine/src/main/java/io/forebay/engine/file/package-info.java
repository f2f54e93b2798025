/**
 * The file system: namespace operations, reads, the overlay of uncommitted writes, commits. Depends
 * on metadata, segment and cache.
 */
@NullMarked
package io.forebay.engine.file;

import org.jspecify.annotations.NullMarked;
