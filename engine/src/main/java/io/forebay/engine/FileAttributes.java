package io.forebay.engine;

/**
 * What is known of an inode at one moment. Times are nanoseconds since 1970-01-01T00:00:00Z.
 *
 * @param inode its number
 * @param generation with the number and the volume's id, what makes a file handle stable
 * @param type what it is
 * @param mode permission bits and set-user-id, set-group-id, sticky: 0 to 07777
 * @param linkCount names it has; a directory has 2 and one for each subdirectory; 0: unlinked but
 *     held
 * @param uid owner, unsigned 32-bit
 * @param gid group, unsigned 32-bit
 * @param size in bytes; of a symbolic link, its target's length; of a directory, an estimate
 * @param spaceUsed bytes of extents: what is not a hole
 * @param change strictly increases with every change of the inode, uncommitted writes included
 * @param dataVersion the {@code change} of the last change of the content: a version token of the
 *     bytes
 * @param accessNanos last access as set; reads do not move it
 * @param modifyNanos last change of the content
 * @param changeNanos last change of the inode
 * @param birthNanos creation
 * @param deviceMajor of a device file, else 0
 * @param deviceMinor of a device file, else 0
 */
public record FileAttributes(
    InodeId inode,
    int generation,
    FileType type,
    int mode,
    int linkCount,
    int uid,
    int gid,
    long size,
    long spaceUsed,
    long change,
    long dataVersion,
    long accessNanos,
    long modifyNanos,
    long changeNanos,
    long birthNanos,
    int deviceMajor,
    int deviceMinor) {

  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  public boolean isRegular() {
    return type == FileType.REGULAR;
  }
}
