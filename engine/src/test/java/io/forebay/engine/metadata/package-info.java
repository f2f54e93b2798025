/** Specifications of {@code io.forebay.engine.metadata}. */
@NullMarked
package io.forebay.engine.metadata;

import org.jspecify.annotations.NullMarked;
