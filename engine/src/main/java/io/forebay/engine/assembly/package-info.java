/**
 * Puts an engine together. The only engine package, beside the face, that the gateway sees; nothing
 * in the engine depends on it.
 */
@NullMarked
package io.forebay.engine.assembly;

import org.jspecify.annotations.NullMarked;
