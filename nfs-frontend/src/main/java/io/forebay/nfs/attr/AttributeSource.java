package io.forebay.nfs.attr;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.VolumeStatistics;
import io.forebay.nfs.xdr.Opaque;
import java.util.function.Supplier;

/**
 * Where attribute values come from.
 *
 * @param file of the inode (made up for a pseudo directory)
 * @param fileSystem of the file system it is in
 * @param handle its file handle
 * @param mountedOnFileId its file id as its parent shows it
 * @param readError why the other attributes cannot be read, {@code nfsstat4}; 0 when they can
 */
public record AttributeSource(
    FileAttributes file,
    FileSystemFacts fileSystem,
    Opaque handle,
    long mountedOnFileId,
    int readError) {
  /** Of a file whose attributes can be read. */
  public AttributeSource(
      FileAttributes file, FileSystemFacts fileSystem, Opaque handle, long mountedOnFileId) {
    this(file, fileSystem, handle, mountedOnFileId, 0);
  }

  /**
   * What all files of a file system share.
   *
   * @param fsidMajor with the minor number, which file system this is
   * @param leaseSeconds the server's lease
   * @param maxTransferBytes the longest READ and WRITE
   * @param statistics asked only when space or file counts are wanted
   */
  public record FileSystemFacts(
      long fsidMajor,
      long fsidMinor,
      int leaseSeconds,
      int maxTransferBytes,
      Supplier<VolumeStatistics> statistics) {}
}
