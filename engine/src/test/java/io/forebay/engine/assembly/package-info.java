/** Specifications of {@code io.forebay.engine.assembly}. */
@NullMarked
package io.forebay.engine.assembly;

import org.jspecify.annotations.NullMarked;
