package io.forebay.engine;

/**
 * One name in a directory.
 *
 * @param cookie stable position: 3 or more, unique within the directory, never reused in it
 * @param name the name
 * @param attributes of the inode it names
 */
public record DirectoryEntry(long cookie, FileName name, FileAttributes attributes) {}
