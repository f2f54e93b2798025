/** Specifies the command line and the documents it prints. */
@NullMarked
package io.forebay.gateway.cli;

import org.jspecify.annotations.NullMarked;
