/**
 * Who owns a volume: a lease object in the bucket, its epoch, and the gate that writes pass.
 * Depends on object; knows neither metadata nor segments.
 */
@NullMarked
package io.forebay.engine.lease;

import org.jspecify.annotations.NullMarked;
