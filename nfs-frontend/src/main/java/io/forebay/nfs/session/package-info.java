/**
 * Clients, sessions, slots, leases and the grace period (RFC 8881 sections 2.4, 2.10, 8.3, 8.4,
 * 18.33 to 18.37, 18.46, 18.50, 18.51). Depends on {@code io.forebay.nfs.state}, {@code
 * io.forebay.nfs.op}, {@code io.forebay.nfs.rpc}, {@code io.forebay.nfs.xdr}, {@code
 * io.forebay.nfs}, {@code io.forebay.engine} and {@code io.forebay.ambient}.
 *
 * <p>{@link Sessions} is the face, and thread-safe. Lock order: the client registry's, then a
 * session's. No lock is held over the record store or the state table; whoever ends a client and
 * whoever waits for that meet in a single flight instead.
 */
@NullMarked
package io.forebay.nfs.session;

import org.jspecify.annotations.NullMarked;
