/**
 * Runs COMPOUNDs (RFC 8881 sections 16 and 18): file handles, exports and the pseudo file system,
 * and every operation, on the engine's {@link io.forebay.engine.FileSystem}. Depends on {@code
 * io.forebay.nfs.session}, {@code io.forebay.nfs.state}, {@code io.forebay.nfs.op}, {@code
 * io.forebay.nfs.attr}, {@code io.forebay.nfs.rpc}, {@code io.forebay.nfs.xdr}, {@code
 * io.forebay.nfs}, {@code io.forebay.engine} and {@code io.forebay.ambient}.
 *
 * <p>Everything blocks and is meant for virtual threads. {@link CompoundExecutor} is thread-safe
 * and keeps nothing between requests; a {@link CompoundContext} belongs to one request. No lock is
 * held here.
 */
@NullMarked
package io.forebay.nfs.handler;

import org.jspecify.annotations.NullMarked;
