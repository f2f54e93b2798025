/**
 * The checksums of S3 ("Checking object integrity"): computing them in one pass, and combining
 * those of parts into one of the whole. Depends on the JDK only; no class here is shared between
 * threads unless it is immutable.
 */
@NullMarked
package io.forebay.s3.checksum;

import org.jspecify.annotations.NullMarked;
