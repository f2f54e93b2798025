/** Specifications of {@code io.forebay.engine.shipping}. */
@NullMarked
package io.forebay.engine.shipping;

import org.jspecify.annotations.NullMarked;
