package io.forebay.engine.file;

import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.Permission;
import java.util.EnumSet;
import java.util.Set;

/** What the mode bits give to whom (POSIX.1-2017, section 4.5). Pure. */
public final class Permissions {
  /** Set-user-id. */
  static final int SET_UID = 04000;

  /** Set-group-id. */
  static final int SET_GID = 02000;

  private static final int STICKY = 01000;
  private static final int GROUP_EXECUTE = 010;
  private static final int ANY_EXECUTE = 0111;

  private Permissions() {}

  /** The rights of the caller. */
  public static Set<Permission> of(Caller caller, FileAttributes inode) {
    Set<Permission> all = EnumSet.noneOf(Permission.class);
    for (Permission each : Permission.values()) {
      if (allows(caller, inode, each)) {
        all.add(each);
      }
    }
    return all;
  }

  public static boolean allows(Caller caller, FileAttributes inode, Permission permission) {
    if (caller.isSuperuser()) {
      return permission != Permission.EXECUTE
          || inode.isDirectory()
          || (inode.mode() & ANY_EXECUTE) != 0;
    }
    int bit =
        switch (permission) {
          case READ -> 4;
          case WRITE -> 2;
          case EXECUTE -> 1;
        };
    return (classBits(caller, inode) & bit) != 0;
  }

  /** Exactly one class of bits counts: the owner's for the owner, even if others may more. */
  private static int classBits(Caller caller, FileAttributes inode) {
    if (caller.uid() == inode.uid()) {
      return inode.mode() >> 6;
    }
    return caller.isMemberOf(inode.gid()) ? inode.mode() >> 3 : inode.mode();
  }

  /** Throws {@link ErrorCode#ACCESS_DENIED} without the right. */
  public static void require(Caller caller, FileAttributes inode, Permission permission) {
    if (!allows(caller, inode, permission)) {
      throw new EngineException(
          ErrorCode.ACCESS_DENIED,
          "user "
              + Integer.toUnsignedString(caller.uid())
              + " has no right to "
              + permission
              + " on "
              + inode.inode());
    }
  }

  /** The rights to change a directory's entries: write and search. */
  public static void requireChange(Caller caller, FileAttributes directory) {
    require(caller, directory, Permission.WRITE);
    require(caller, directory, Permission.EXECUTE);
  }

  public static boolean owns(Caller caller, FileAttributes inode) {
    return caller.isSuperuser() || caller.uid() == inode.uid();
  }

  /** Whether the restricted deletion flag is set. */
  static boolean isSticky(FileAttributes inode) {
    return (inode.mode() & STICKY) != 0;
  }

  /** Throws {@link ErrorCode#NOT_PERMITTED} unless the caller is owner or superuser. */
  public static void requireOwner(Caller caller, FileAttributes inode) {
    if (!owns(caller, inode)) {
      throw new EngineException(ErrorCode.NOT_PERMITTED, "only the owner may do this");
    }
  }

  /**
   * The restricted deletion flag: in a sticky directory only the owner of the entry's file, of the
   * directory, or the superuser removes or renames. Throws {@link ErrorCode#NOT_PERMITTED}.
   */
  public static void requireStickyRemoval(
      Caller caller, FileAttributes directory, FileAttributes child) {
    if (isSticky(directory) && !owns(caller, child) && !owns(caller, directory)) {
      throw new EngineException(ErrorCode.NOT_PERMITTED, "the directory is sticky");
    }
  }

  /**
   * The mode without the bits that lend the owner's or the group's rights: set-user-id always,
   * set-group-id where the group may execute (else it is no such bit).
   */
  static int withoutLentRights(int mode) {
    int cleared = mode & ~SET_UID;
    return (mode & GROUP_EXECUTE) != 0 ? cleared & ~SET_GID : cleared;
  }
}
