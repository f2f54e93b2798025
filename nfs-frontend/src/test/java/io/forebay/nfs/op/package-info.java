/** Tests of {@code io.forebay.nfs.op}. */
@NullMarked
package io.forebay.nfs.op;

import org.jspecify.annotations.NullMarked;
