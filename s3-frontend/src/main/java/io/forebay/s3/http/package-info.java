/**
 * HTTP as the S3 frontend sees it: heads, bodies, answers, and the Netty handlers between them and
 * the wire. Depends on {@code io.forebay.s3} and {@code io.forebay.engine} only.
 *
 * <p>Threads: event loops parse, queue and write; a {@link io.forebay.s3.http.RequestBody} is
 * pulled, and an answer produced, on the request's own virtual thread. The public types carry no
 * Netty types.
 */
@NullMarked
package io.forebay.s3.http;

import org.jspecify.annotations.NullMarked;
