/** Specifications of {@code io.forebay.engine.file}, on a real volume in a directory. */
@NullMarked
package io.forebay.engine.file;

import org.jspecify.annotations.NullMarked;
