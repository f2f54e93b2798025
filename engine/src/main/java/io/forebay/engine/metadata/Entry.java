package io.forebay.engine.metadata;

import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;

/**
 * A directory entry.
 *
 * @param parent the directory
 * @param name in it
 * @param inode what it names
 * @param type of that inode
 * @param cookie its stable position in the directory
 */
public record Entry(InodeId parent, FileName name, InodeId inode, FileType type, long cookie) {}
