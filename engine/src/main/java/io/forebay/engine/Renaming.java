package io.forebay.engine;

import java.util.Optional;

/**
 * What a rename did.
 *
 * @param source change of the directory that lost the name
 * @param target change of the directory that has it now
 * @param moved the inode that moved
 * @param replaced the inode that lost the target name, if there was one
 */
public record Renaming(
    DirectoryChange source, DirectoryChange target, InodeId moved, Optional<InodeId> replaced) {}
