package io.forebay.engine.file;

import static io.forebay.engine.file.Permissions.SET_GID;
import static io.forebay.engine.file.Permissions.SET_UID;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.Permission;
import io.forebay.engine.TimeChange;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.InodeEdit;

/**
 * Who may set which attributes, and what else changes with them: chmod, chown, utimensat, truncate
 * of POSIX.1-2017, and the attributes of what is created. Pure.
 */
final class AttributeRules {
  private static final int ALL_MODE_BITS = 07777;

  private AttributeRules() {}

  /** Refuses what no caller may ask for. */
  static void requireValid(AttributeChanges changes) {
    if (changes.mode().isPresent() && (changes.mode().getAsInt() & ~ALL_MODE_BITS) != 0) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a mode has twelve bits");
    }
    if (changes.size().isPresent()) {
      long size = changes.size().getAsLong();
      if (size < 0) {
        throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a size is not negative");
      }
      if (size > FileSystem.MAX_FILE_SIZE) {
        throw new EngineException(ErrorCode.FILE_TOO_LARGE, "a file ends at 2^57 bytes");
      }
    }
  }

  /** Whether an inode of this type has a size to set. */
  static void requireSizable(FileType type) {
    switch (type) {
      case REGULAR -> {}
      case DIRECTORY ->
          throw new EngineException(ErrorCode.IS_DIRECTORY, "a directory's size is its own");
      case SYMLINK, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
          throw new EngineException(ErrorCode.WRONG_TYPE, "only a file's size can be set");
    }
  }

  /**
   * Applies changes but the size, which only has its rights checked here.
   *
   * @param before the inode as it is
   * @param edit of that inode
   * @param openForWriting the caller has the file open, and needs no right for the size
   */
  static void apply(
      Caller caller,
      FileAttributes before,
      InodeEdit edit,
      AttributeChanges changes,
      boolean openForWriting,
      long now) {
    int mode = before.mode();
    boolean regular = before.isRegular();
    if (changes.size().isPresent()) {
      requireSizable(before.type());
      if (!openForWriting) {
        Permissions.require(caller, before, Permission.WRITE);
      }
      edit.modify(now);
      mode = caller.isSuperuser() ? mode : Permissions.withoutLentRights(mode);
    }
    if (changes.uid().isPresent() || changes.gid().isPresent()) {
      requireChown(caller, before, changes);
      edit.owner(changes.uid().orElse(before.uid()));
      edit.group(changes.gid().orElse(before.gid()));
    }
    if (changes.mode().isPresent()) {
      Permissions.requireOwner(caller, before);
      mode = changes.mode().getAsInt();
      int group = changes.gid().orElse(before.gid());
      if (!caller.isSuperuser() && !caller.isMemberOf(group)) {
        mode &= ~SET_GID;
      }
    }
    if ((changes.uid().isPresent() || changes.gid().isPresent()) && regular) {
      mode = Permissions.withoutLentRights(mode);
    }
    edit.mode(mode);
    applyTimes(caller, before, edit, changes, openForWriting, now);
    edit.touch(now);
  }

  private static void requireChown(Caller caller, FileAttributes before, AttributeChanges changes) {
    if (caller.isSuperuser()) {
      return;
    }
    Permissions.requireOwner(caller, before);
    int uid = changes.uid().orElse(before.uid());
    int gid = changes.gid().orElse(before.gid());
    if (uid != before.uid() || (gid != before.gid() && !caller.isMemberOf(gid))) {
      throw new EngineException(ErrorCode.NOT_PERMITTED, "only the superuser gives files away");
    }
  }

  private static void applyTimes(
      Caller caller,
      FileAttributes before,
      InodeEdit edit,
      AttributeChanges changes,
      boolean openForWriting,
      long now) {
    boolean explicit =
        changes.access() instanceof TimeChange.To || changes.modify() instanceof TimeChange.To;
    boolean any =
        !(changes.access() instanceof TimeChange.Keep
            && changes.modify() instanceof TimeChange.Keep);
    if (explicit) {
      Permissions.requireOwner(caller, before);
    } else if (any && !openForWriting && !Permissions.owns(caller, before)) {
      Permissions.require(caller, before, Permission.WRITE);
    }
    switch (changes.access()) {
      case TimeChange.Keep keep -> {}
      case TimeChange.Now moment -> edit.access(now);
      case TimeChange.To to -> edit.access(to.epochNanos());
    }
    switch (changes.modify()) {
      case TimeChange.Keep keep -> {}
      case TimeChange.Now moment -> edit.modify(now);
      case TimeChange.To to -> edit.modify(to.epochNanos());
    }
  }

  /**
   * A new inode.
   *
   * @param directory that it will be in
   * @param initial mode (0 without one), ids, times; the size is not looked at
   */
  static InodeEdit create(
      Caller caller,
      Inode directory,
      InodeId id,
      FileType type,
      AttributeChanges initial,
      long now) {
    FileAttributes parent = directory.attributes();
    boolean inherits = (parent.mode() & SET_GID) != 0;
    int uid = initial.uid().orElse(caller.uid());
    int gid = initial.gid().orElse(inherits ? parent.gid() : caller.gid());
    boolean mayUseGroup = caller.isMemberOf(gid) || (inherits && gid == parent.gid());
    if (!caller.isSuperuser() && (uid != caller.uid() || !mayUseGroup)) {
      throw new EngineException(ErrorCode.NOT_PERMITTED, "only the superuser gives files away");
    }
    int mode = initial.mode().orElse(0);
    if (type == FileType.DIRECTORY) {
      mode = inherits ? mode | SET_GID : mode;
    } else if (!caller.isSuperuser() && !caller.isMemberOf(gid)) {
      mode &= ~SET_GID;
    }
    InodeEdit edit = new InodeEdit(id, type, now).mode(mode).owner(uid).group(gid);
    if (initial.access() instanceof TimeChange.To to) {
      edit.access(to.epochNanos());
    }
    if (initial.modify() instanceof TimeChange.To to) {
      edit.modify(to.epochNanos());
    }
    return edit;
  }

  /** The mode after a write by somebody without the right to lend the owner's. */
  static boolean lendsRights(FileAttributes file) {
    return (file.mode() & (SET_UID | SET_GID)) != 0;
  }
}
