/**
 * External data representation (RFC 4506), bounded: every variable-length read takes a maximum, and
 * nothing is allocated before its length has been checked against the bytes that are there. Leaf
 * package: depends on the JDK only. Readers and writers belong to one thread at a time.
 */
@NullMarked
package io.forebay.nfs.xdr;

import org.jspecify.annotations.NullMarked;
