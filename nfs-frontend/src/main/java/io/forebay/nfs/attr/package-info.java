/**
 * File attributes on the wire (RFC 8881 section 5): which there are, encoding those of an inode,
 * decoding those to set. Depends on {@code io.forebay.nfs.xdr} and {@code io.forebay.engine}.
 * Nothing here blocks but the statistics supplier it is given.
 */
@NullMarked
package io.forebay.nfs.attr;

import org.jspecify.annotations.NullMarked;
