/**
 * The operations of S3 as data: which there are and how a request names them, their parameters as
 * records, conditions and ranges, errors. Depends on {@code io.forebay.s3.http}, {@code
 * io.forebay.s3.checksum} and {@code io.forebay.engine}. Everything is immutable; nothing here
 * blocks.
 */
@NullMarked
package io.forebay.s3.op;

import org.jspecify.annotations.NullMarked;
