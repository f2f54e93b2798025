/** Specifies the log and the metrics page. */
@NullMarked
package io.forebay.gateway.observe;

import org.jspecify.annotations.NullMarked;
