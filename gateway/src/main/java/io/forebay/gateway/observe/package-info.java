/** Logs and metrics of the process: the only place that knows Logback and Prometheus. */
@NullMarked
package io.forebay.gateway.observe;

import org.jspecify.annotations.NullMarked;
