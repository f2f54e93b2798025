package io.forebay.engine;

import java.util.List;
import java.util.Set;

/**
 * The tree of one volume, as POSIX sees it.
 *
 * <p><b>Atomicity.</b> Each operation happens whole or not at all, as one metadata transaction,
 * also across a crash. <b>Durability.</b> Every operation that changes the namespace or attributes
 * is durable by this view's {@link Durability} when it returns; file content by {@link
 * OpenFile#write} and {@link OpenFile#commit}. <b>Order.</b> An operation sees everything that
 * returned before it began, over either protocol. <b>Permission.</b> Where a {@link Caller} is
 * given, the mode bits are enforced: search on directories for lookups, write and search for
 * changes, the sticky bit, owner rules for attributes. <b>Time.</b> A change of an inode moves its
 * {@code change} and {@code changeNanos}; a change of a directory's entries moves its {@code
 * modifyNanos} too.
 *
 * <p><b>Errors.</b> An inode number that names nothing is {@link ErrorCode#STALE} everywhere. A
 * directory argument that is none is {@link ErrorCode#NOT_DIRECTORY}, or {@link
 * ErrorCode#IS_SYMLINK} for a symbolic link. A missing right is {@link ErrorCode#ACCESS_DENIED}.
 * Any operation may throw {@link ErrorCode#FENCED}, {@link ErrorCode#SHUTTING_DOWN}, {@link
 * ErrorCode#THROTTLED}, {@link ErrorCode#IO}, {@link ErrorCode#NO_SPACE}, {@link
 * ErrorCode#READ_ONLY}. Further codes stand with the operation.
 */
public interface FileSystem {
  /** The longest file: 2^57 bytes. */
  long MAX_FILE_SIZE = 1L << 57;

  /** The longest read or write in one call: 4 MiB. */
  int MAX_TRANSFER = 4 << 20;

  /** The most entries {@link #readDirectory} returns at once. */
  int MAX_DIRECTORY_PAGE = 1024;

  /** The longest target of a symbolic link, in bytes (POSIX PATH_MAX without its NUL). */
  int MAX_LINK_TARGET = 4095;

  /** The most names a file has. */
  int MAX_LINKS = 65_000;

  /** Which volume this is. Never blocks. */
  VolumeId volume();

  /** What this view's acknowledgements promise. Never blocks. */
  Durability durability();

  /**
   * Tells writers whether uncommitted writes may have been lost (RFC 8881 section 18.32, write
   * verifier): changes with every start of the process. Never blocks.
   */
  long writeVerifier();

  /** Attributes, uncommitted writes included. No right is needed. */
  FileAttributes attributes(InodeId inode);

  /** The rights the mode bits give the caller; the superuser's as POSIX has them. */
  Set<Permission> permissions(Caller caller, InodeId inode);

  /**
   * Finds a name.
   *
   * @throws EngineException {@link ErrorCode#NOT_FOUND}
   */
  FileAttributes lookup(Caller caller, InodeId directory, FileName name);

  /** The directory that holds {@code directory}; the root's is the root. */
  FileAttributes lookupParent(Caller caller, InodeId directory);

  /**
   * Creates a regular file, or finds it, by {@code mode}. Of {@code initial}, {@code mode} counts
   * with 0 as its default, ids need the right to give them away, and for a file that is found under
   * {@link CreateMode.Unchecked} only a size of 0 is applied (write permission needed).
   *
   * @throws EngineException {@link ErrorCode#EXISTS} by {@code mode}; also under {@link
   *     CreateMode.Unchecked} when the name is taken by something else: {@link
   *     ErrorCode#IS_DIRECTORY}, {@link ErrorCode#IS_SYMLINK}, {@link ErrorCode#WRONG_TYPE}
   */
  Creation createFile(
      Caller caller, InodeId directory, FileName name, CreateMode mode, AttributeChanges initial);

  /** Creates a directory. {@link ErrorCode#EXISTS}, {@link ErrorCode#TOO_MANY_LINKS}. */
  Creation createDirectory(
      Caller caller, InodeId directory, FileName name, AttributeChanges initial);

  /**
   * Creates a symbolic link.
   *
   * @param target 1 to {@link #MAX_LINK_TARGET} bytes, no NUL; never followed by the engine
   */
  Creation createSymlink(
      Caller caller, InodeId directory, FileName name, byte[] target, AttributeChanges initial);

  /** Creates a FIFO, socket or device; devices need the superuser. */
  Creation createSpecial(
      Caller caller,
      InodeId directory,
      FileName name,
      SpecialFile special,
      AttributeChanges initial);

  /** The target of a symbolic link; {@link ErrorCode#WRONG_TYPE} for anything else. */
  byte[] readSymlink(Caller caller, InodeId link);

  /**
   * Gives a file another name. {@link ErrorCode#EXISTS}, {@link ErrorCode#IS_DIRECTORY} for a
   * directory, {@link ErrorCode#TOO_MANY_LINKS}; {@link ErrorCode#STALE} for a file without a name.
   */
  DirectoryChange link(Caller caller, InodeId file, InodeId directory, FileName name);

  /**
   * Removes a name: a file's, whose bytes go with its last name and last open, or an empty
   * directory's.
   *
   * @throws EngineException {@link ErrorCode#NOT_FOUND}, {@link ErrorCode#NOT_EMPTY}, by {@code
   *     what} {@link ErrorCode#IS_DIRECTORY} or {@link ErrorCode#NOT_DIRECTORY}
   */
  Removal remove(Caller caller, InodeId directory, FileName name, RemoveKind what);

  /**
   * Moves a name, replacing the target when it is of a like kind (a directory only when empty).
   * Both names of one inode: nothing happens (POSIX rename).
   *
   * @throws EngineException {@link ErrorCode#NOT_FOUND}, {@link ErrorCode#NOT_EMPTY}, {@link
   *     ErrorCode#IS_DIRECTORY}, {@link ErrorCode#NOT_DIRECTORY}, {@link
   *     ErrorCode#INVALID_ARGUMENT} for a directory moved below itself
   */
  Renaming rename(
      Caller caller, InodeId fromDirectory, FileName from, InodeId toDirectory, FileName to);

  /**
   * Some entries after a cookie, in an order that inserts and removals do not disturb: an entry
   * that exists during a whole listing is seen exactly once.
   *
   * @param afterCookie 0 for the beginning, else a cookie got before; its entry may be gone
   * @param limit 1 to {@link #MAX_DIRECTORY_PAGE}
   */
  DirectoryPage readDirectory(Caller caller, InodeId directory, long afterCookie, int limit);

  /**
   * Sets attributes. Clears set-user-id and set-group-id where POSIX does.
   *
   * @return the attributes after
   * @throws EngineException {@link ErrorCode#NOT_PERMITTED} for what only the owner or the
   *     superuser may, {@link ErrorCode#IS_DIRECTORY} or {@link ErrorCode#WRONG_TYPE} for a size,
   *     {@link ErrorCode#FILE_TOO_LARGE}
   */
  FileAttributes setAttributes(Caller caller, InodeId inode, AttributeChanges changes);

  /**
   * As {@link #setAttributes}, for a caller that holds the file open for writing: a size needs no
   * further right (ftruncate).
   */
  FileAttributes setAttributesOfOpenFile(Caller caller, OpenFile file, AttributeChanges changes);

  /**
   * Opens a regular file.
   *
   * @return the caller's to close
   * @throws EngineException {@link ErrorCode#IS_DIRECTORY}, {@link ErrorCode#IS_SYMLINK}, {@link
   *     ErrorCode#WRONG_TYPE}
   */
  OpenFile open(Caller caller, InodeId file, OpenAccess access, OpenCheck check);

  // --- extended attributes: of regular files and directories; others have none (WRONG_TYPE)

  /**
   * The value of an extended attribute. Needs the right to read.
   *
   * @throws EngineException {@link ErrorCode#NOT_FOUND}
   */
  byte[] extendedAttribute(Caller caller, InodeId inode, String name);

  /**
   * Sets an extended attribute. Needs the right to write, in a sticky directory ownership.
   *
   * @param name as {@link ExtendedAttribute#name} gives it
   * @return the inode's change
   * @throws EngineException {@link ErrorCode#EXISTS}, {@link ErrorCode#NOT_FOUND} by {@code
   *     presence}; {@link ErrorCode#FILE_TOO_LARGE} for a value, {@link ErrorCode#NO_SPACE} for a
   *     number or a sum beyond the bounds
   */
  DirectoryChange setExtendedAttribute(
      Caller caller, InodeId inode, String name, byte[] value, ExtendedAttribute.Presence presence);

  /** Removes an extended attribute; {@link ErrorCode#NOT_FOUND}. Rights as for setting. */
  DirectoryChange removeExtendedAttribute(Caller caller, InodeId inode, String name);

  /**
   * Names of extended attributes after a cookie. Needs the right to read.
   *
   * @param afterCookie 0 for the beginning
   * @param limit 1 to {@link ExtendedAttribute#MAX_COUNT}
   */
  List<ExtendedAttribute.Listed> extendedAttributes(
      Caller caller, InodeId inode, long afterCookie, int limit);

  /** Space and inodes; may be some seconds old. */
  VolumeStatistics statistics();

  /**
   * Lets go of unlinked files that were open when the last process ended and that nobody has opened
   * again since. The gateway calls it once clients had their time to reclaim.
   */
  void releaseUnclaimedFiles();
}
