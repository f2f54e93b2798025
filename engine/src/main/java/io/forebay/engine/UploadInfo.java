package io.forebay.engine;

/**
 * A multipart upload under way.
 *
 * @param id its id
 * @param key what it will become
 * @param initiatedNanos since 1970-01-01T00:00:00Z
 * @param owner whose it is, unsigned 32-bit
 * @param properties what the object will have; {@code checksums} holds, by algorithm, the checksum
 *     type asked for ({@code COMPOSITE} or {@code FULL_OBJECT})
 */
public record UploadInfo(
    UploadId id, ObjectKey key, long initiatedNanos, int owner, ObjectProperties properties) {}
