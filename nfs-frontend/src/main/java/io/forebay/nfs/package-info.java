/**
 * Configuration of the NFS frontend: leaf package, depends on {@code io.forebay.engine} only.
 * Immutable.
 */
@NullMarked
package io.forebay.nfs;

import org.jspecify.annotations.NullMarked;
