/**
 * What clients hold open and locked (RFC 8881 sections 8, 9 and 18.2, 18.10 to 18.12, 18.16, 18.18,
 * 18.38, 18.48). Depends on {@code io.forebay.nfs.op}, {@code io.forebay.nfs.xdr}, {@code
 * io.forebay.engine} and {@code io.forebay.ambient}.
 *
 * <p>{@link StateTable} is thread-safe. Lock order: a file's lock, then a client's; never two
 * files' or two clients'. No lock is held over a call of the engine or of {@link Leases}. Stateids
 * of READ and WRITE are looked up without a lock.
 */
@NullMarked
package io.forebay.nfs.state;

import org.jspecify.annotations.NullMarked;
