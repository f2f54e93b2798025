/** Tests of {@code io.forebay.nfs.rpc}. */
@NullMarked
package io.forebay.nfs.rpc;

import org.jspecify.annotations.NullMarked;
