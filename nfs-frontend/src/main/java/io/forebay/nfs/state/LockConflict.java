package io.forebay.nfs.state;

import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.xdr.Opaque;

/**
 * The lock in the way, as LOCK4denied names it (RFC 8881 section 18.10.2).
 *
 * @param length unsigned; 2^64-1 is to the end
 */
public record LockConflict(long offset, long length, LockType type, long clientId, Opaque owner) {}
