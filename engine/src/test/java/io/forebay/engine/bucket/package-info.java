/** Tests of the object view: its contract on real stores, its parts, its costs, its races. */
@NullMarked
package io.forebay.engine.bucket;

import org.jspecify.annotations.NullMarked;
