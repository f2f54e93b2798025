package io.forebay.nfs.handler;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;

/** What a file handle stands for, to one client. */
sealed interface Location {
  FileHandle handle();

  /** An inode, seen through an export. */
  record Inside(ExportAccess access, InodeId inode, int generation) implements Location {
    @Override
    public FileHandle handle() {
      return new FileHandle.OfInode(access.export().id(), inode, generation);
    }

    /** Another inode of the same export. */
    Inside beside(FileAttributes other) {
      return new Inside(access, other.inode(), other.generation());
    }
  }

  /** A directory of the pseudo file system. */
  record Pseudo(ExportNode node) implements Location {
    @Override
    public FileHandle handle() {
      return new FileHandle.OfPseudo(node.id());
    }
  }
}
