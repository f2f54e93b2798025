package io.forebay.s3.http;

/**
 * What became of an answer.
 *
 * @param status that was sent, or would have been
 * @param bytes of its body that left
 * @param complete whether the client's socket took all of it
 */
public record Sent(int status, long bytes, boolean complete) {}
