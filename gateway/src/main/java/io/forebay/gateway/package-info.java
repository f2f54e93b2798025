/**
 * The process: {@link io.forebay.gateway.Main}, the composition root {@link
 * io.forebay.gateway.Gateway}, and what a run keeps in its data directory. The only place where
 * things are wired; nothing depends on it.
 */
@NullMarked
package io.forebay.gateway;

import org.jspecify.annotations.NullMarked;
