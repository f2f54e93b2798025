package io.forebay.engine;

/**
 * A directory's {@link FileAttributes#change} around an operation, atomic with it (RFC 8881
 * change_info4).
 */
public record DirectoryChange(long before, long after) {}
