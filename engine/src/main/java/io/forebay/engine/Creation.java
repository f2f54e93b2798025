package io.forebay.engine;

/**
 * What a create did.
 *
 * @param attributes of the inode, new or found
 * @param created whether it is new
 * @param directory the directory's change; both values equal when nothing was created
 */
public record Creation(FileAttributes attributes, boolean created, DirectoryChange directory) {}
