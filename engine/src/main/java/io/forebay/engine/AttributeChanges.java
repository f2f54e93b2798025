package io.forebay.engine;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Attributes to set; what is empty stays. Used for changing an inode and for creating one.
 *
 * @param mode 0 to 07777
 * @param uid unsigned 32-bit
 * @param gid unsigned 32-bit
 * @param size new length of a regular file: bytes beyond are dropped, a longer file ends in a hole
 * @param access what to do with the access time
 * @param modify what to do with the modification time
 */
public record AttributeChanges(
    OptionalInt mode,
    OptionalInt uid,
    OptionalInt gid,
    OptionalLong size,
    TimeChange access,
    TimeChange modify) {

  /** Changes nothing. */
  public static final AttributeChanges NONE =
      new AttributeChanges(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          TimeChange.KEEP,
          TimeChange.KEEP);

  public static AttributeChanges mode(int mode) {
    return NONE.withMode(mode);
  }

  public static AttributeChanges size(long size) {
    return NONE.withSize(size);
  }

  public AttributeChanges withMode(int newMode) {
    return new AttributeChanges(OptionalInt.of(newMode), uid, gid, size, access, modify);
  }

  public AttributeChanges withOwner(int newUid) {
    return new AttributeChanges(mode, OptionalInt.of(newUid), gid, size, access, modify);
  }

  public AttributeChanges withGroup(int newGid) {
    return new AttributeChanges(mode, uid, OptionalInt.of(newGid), size, access, modify);
  }

  public AttributeChanges withSize(long newSize) {
    return new AttributeChanges(mode, uid, gid, OptionalLong.of(newSize), access, modify);
  }

  public AttributeChanges withAccess(TimeChange newAccess) {
    return new AttributeChanges(mode, uid, gid, size, newAccess, modify);
  }

  public AttributeChanges withModify(TimeChange newModify) {
    return new AttributeChanges(mode, uid, gid, size, access, newModify);
  }
}
