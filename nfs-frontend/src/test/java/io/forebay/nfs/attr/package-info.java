/** Tests of {@code io.forebay.nfs.attr}. */
@NullMarked
package io.forebay.nfs.attr;

import org.jspecify.annotations.NullMarked;
