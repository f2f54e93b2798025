/**
 * The object store behind a volume: one small interface, its implementations, and decorators for
 * what cuts across (retries, metrics). Depends on {@code io.forebay.ambient} and {@code
 * io.forebay.engine}. Methods block; call them from virtual threads.
 */
@NullMarked
package io.forebay.engine.object;

import org.jspecify.annotations.NullMarked;
