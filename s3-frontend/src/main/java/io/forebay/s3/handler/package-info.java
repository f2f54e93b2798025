/**
 * Carries operations out on the engine: one exhaustive switch, handlers by group, and the mapping
 * of errors. Depends on {@code io.forebay.s3}, {@code s3.op}, {@code s3.xml}, {@code s3.checksum},
 * {@code s3.http}, {@code s3.auth} and {@code io.forebay.engine}; no Netty.
 *
 * <p>Threads: everything runs on the request's own virtual thread and blocks there. The handlers
 * keep no state and are thread-safe.
 */
@NullMarked
package io.forebay.s3.handler;

import org.jspecify.annotations.NullMarked;
