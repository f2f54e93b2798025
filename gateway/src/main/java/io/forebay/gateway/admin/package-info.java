/**
 * The admin port: metrics and health over plain HTTP/1.1 for the machine's own watchers. Depends on
 * the JDK's HTTP server only.
 */
@NullMarked
package io.forebay.gateway.admin;

import org.jspecify.annotations.NullMarked;
