/**
 * The protocol's operations, arguments and results as records, mirroring RFC 8881, with their
 * decoder and encoder. Depends on {@code io.forebay.nfs.xdr}, {@code io.forebay.nfs.attr}, {@code
 * io.forebay.engine} and {@code io.forebay.ambient}. Everything is immutable; nothing here blocks.
 */
@NullMarked
package io.forebay.nfs.op;

import org.jspecify.annotations.NullMarked;
