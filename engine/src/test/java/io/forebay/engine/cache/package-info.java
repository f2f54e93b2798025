/** Specifications of {@code io.forebay.engine.cache}. */
@NullMarked
package io.forebay.engine.cache;

import org.jspecify.annotations.NullMarked;
