/**
 * Who asks: AWS Signature Version 4 in header fields and query strings, and bodies that carry
 * signatures and trailers. Depends on {@code s3.http} and {@code s3.op}; no Netty.
 *
 * <p>Everything here is immutable and thread-safe but the bodies, which belong to one request.
 * Secrets, signatures and what they cover are compared in constant time and never logged.
 */
@NullMarked
package io.forebay.s3.auth;

import org.jspecify.annotations.NullMarked;
