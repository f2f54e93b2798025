/**
 * The S3 server: from sockets over virtual threads to the executor and back. Top of the module.
 *
 * <p>Threads: event loops own connections; each request runs on a virtual thread of its own, in the
 * order authenticate, route, execute, answer.
 */
@NullMarked
package io.forebay.s3.server;

import org.jspecify.annotations.NullMarked;
