/**
 * Blocks on local disks, and the one way to read a segment: cache, staging, bucket. Depends on
 * {@code io.forebay.engine}, {@code io.forebay.engine.object}, {@code io.forebay.engine.segment}.
 */
@NullMarked
package io.forebay.engine.cache;

import org.jspecify.annotations.NullMarked;
