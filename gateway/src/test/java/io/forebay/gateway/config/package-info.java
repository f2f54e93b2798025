/** Specifies the configuration: every kind of mistake, and the table against its documents. */
@NullMarked
package io.forebay.gateway.config;

import org.jspecify.annotations.NullMarked;
