/**
 * What a user may set: the one table of options, and the reader that turns a TOML file, environment
 * variables and flags into settings or into the list of everything that is wrong with them. Depends
 * on the configuration records of the engine and the frontends. Immutable, no threads.
 */
@NullMarked
package io.forebay.gateway.config;

import org.jspecify.annotations.NullMarked;
