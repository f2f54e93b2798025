package io.forebay.nfs.handler;

import io.forebay.engine.InodeId;

/** What a file handle says (RFC 8881 section 4.2). */
sealed interface FileHandle {
  /**
   * An inode as seen through an export.
   *
   * @param export {@link ServedExport#id}
   */
  record OfInode(long export, InodeId inode, int generation) implements FileHandle {}

  /**
   * A directory of the pseudo file system.
   *
   * @param node {@link ExportNode#id}
   */
  record OfPseudo(long node) implements FileHandle {}
}
