/** Specifications of opens and locks. */
@NullMarked
package io.forebay.nfs.state;

import org.jspecify.annotations.NullMarked;
