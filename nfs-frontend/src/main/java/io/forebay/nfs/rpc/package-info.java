/**
 * ONC RPC version 2 (RFC 5531): call and reply headers, credentials. Depends on {@code
 * io.forebay.nfs.xdr}. Everything is immutable; nothing here blocks.
 */
@NullMarked
package io.forebay.nfs.rpc;

import org.jspecify.annotations.NullMarked;
