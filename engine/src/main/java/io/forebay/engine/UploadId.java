package io.forebay.engine;

/**
 * A multipart upload. Opaque to clients; unguessable.
 *
 * @param value 1 to 64 characters of {@code [A-Za-z0-9_-]}; others name no upload
 */
public record UploadId(String value) {}
