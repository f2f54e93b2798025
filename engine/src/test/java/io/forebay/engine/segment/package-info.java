/** Specifications of {@code io.forebay.engine.segment}. */
@NullMarked
package io.forebay.engine.segment;

import org.jspecify.annotations.NullMarked;
