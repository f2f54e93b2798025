/** Specifies the process: what a start, a stop and a mistake look like from outside. */
@NullMarked
package io.forebay.gateway;

import org.jspecify.annotations.NullMarked;
