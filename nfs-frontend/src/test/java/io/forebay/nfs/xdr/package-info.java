/** Tests of {@code io.forebay.nfs.xdr}. */
@NullMarked
package io.forebay.nfs.xdr;

import org.jspecify.annotations.NullMarked;
