/**
 * The command line: which commands there are, what their flags mean, what they print about
 * themselves. Knows {@code gateway.config}; runs nothing itself.
 */
@NullMarked
package io.forebay.gateway.cli;

import org.jspecify.annotations.NullMarked;
