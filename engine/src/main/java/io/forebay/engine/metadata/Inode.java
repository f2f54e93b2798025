package io.forebay.engine.metadata;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An inode as the metadata has it: the attributes, and what only the engine sees. Immutable.
 *
 * @param attributes without what is not committed yet
 * @param parent the directory that holds it (the root's is itself), of a file with several names
 *     one of those that do; empty for what never had a name
 * @param implicit of a directory: made by a put, vanishes with the last object below it
 * @param verifier of an exclusive create
 * @param target of a symbolic link; not to be changed
 */
public record Inode(
    FileAttributes attributes,
    Optional<InodeId> parent,
    boolean implicit,
    OptionalLong verifier,
    Optional<byte[]> target) {

  public InodeId id() {
    return attributes.inode();
  }

  public FileType type() {
    return attributes.type();
  }

  /** Starts from this inode's values. */
  public InodeEdit edit() {
    return new InodeEdit(this);
  }
}
