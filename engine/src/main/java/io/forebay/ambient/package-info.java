/**
 * What the program takes from the world: time, randomness, invariants. Everything here is passed in
 * by constructor, so that a test can put its own world underneath. Leaf package: depends on the JDK
 * only.
 */
@NullMarked
package io.forebay.ambient;

import org.jspecify.annotations.NullMarked;
