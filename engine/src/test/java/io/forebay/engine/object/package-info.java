/** Specifications of {@code io.forebay.engine.object}. */
@NullMarked
package io.forebay.engine.object;

import org.jspecify.annotations.NullMarked;
