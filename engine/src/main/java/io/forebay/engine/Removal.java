package io.forebay.engine;

/**
 * What a removal did.
 *
 * @param directory the directory's change
 * @param removed the inode that lost a name
 * @param lastLink whether that was its last name
 */
public record Removal(DirectoryChange directory, InodeId removed, boolean lastLink) {}
