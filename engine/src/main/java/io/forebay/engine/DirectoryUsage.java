package io.forebay.engine;

import io.forebay.ambient.Invariant;

/**
 * What lies below a directory, at any depth, and what it occupies. A file with several names is
 * counted once: in the directory of one of them.
 *
 * @param bytes of extents that files own: holes cost nothing, shared bytes count for each file
 * @param size sum of the files' sizes, holes included
 * @param files everything that is no directory
 * @param directories without the directory itself
 */
public record DirectoryUsage(long bytes, long size, long files, long directories) {
  /** Of an empty directory. */
  public static final DirectoryUsage NONE = new DirectoryUsage(0, 0, 0, 0);

  public DirectoryUsage {
    Invariant.check(
        bytes >= 0 && size >= 0 && files >= 0 && directories >= 0,
        "nothing has less than no space",
        bytes);
  }

  public DirectoryUsage plus(DirectoryUsage more) {
    return new DirectoryUsage(
        bytes + more.bytes, size + more.size, files + more.files, directories + more.directories);
  }

  public DirectoryUsage minus(DirectoryUsage less) {
    return new DirectoryUsage(
        bytes - less.bytes, size - less.size, files - less.files, directories - less.directories);
  }

  /** Files and directories. */
  public long inodes() {
    return files + directories;
  }
}
