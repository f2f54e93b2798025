/**
 * The documents of S3: a writer, a bounded reader, and each request's and answer's form. Depends on
 * {@code io.forebay.s3.op}, {@code io.forebay.s3.checksum}, {@code io.forebay.s3.http} and {@code
 * io.forebay.engine}. Nothing here blocks; writers and readers belong to one thread.
 */
@NullMarked
package io.forebay.s3.xml;

import org.jspecify.annotations.NullMarked;
