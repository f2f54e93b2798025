package io.forebay.nfs.attr;

/**
 * The attributes this server supports, by number (RFC 8881 sections 5.8 to 5.12, RFC 7862 section
 * 12.2, RFC 8276 section 8.2).
 */
public enum Attribute {
  SUPPORTED_ATTRS(0),
  TYPE(1),
  FH_EXPIRE_TYPE(2),
  CHANGE(3),
  SIZE(4, Use.BOTH),
  LINK_SUPPORT(5),
  SYMLINK_SUPPORT(6),
  NAMED_ATTR(7),
  FSID(8),
  UNIQUE_HANDLES(9),
  LEASE_TIME(10),
  RDATTR_ERROR(11),
  ACLSUPPORT(13),
  CANSETTIME(15),
  CASE_INSENSITIVE(16),
  CASE_PRESERVING(17),
  CHOWN_RESTRICTED(18),
  FILEHANDLE(19),
  FILEID(20),
  FILES_AVAIL(21),
  FILES_FREE(22),
  FILES_TOTAL(23),
  HOMOGENEOUS(26),
  MAXFILESIZE(27),
  MAXLINK(28),
  MAXNAME(29),
  MAXREAD(30),
  MAXWRITE(31),
  MODE(33, Use.BOTH),
  NO_TRUNC(34),
  NUMLINKS(35),
  OWNER(36, Use.BOTH),
  OWNER_GROUP(37, Use.BOTH),
  RAWDEV(41),
  SPACE_AVAIL(42),
  SPACE_FREE(43),
  SPACE_TOTAL(44),
  SPACE_USED(45),
  TIME_ACCESS(47),
  TIME_ACCESS_SET(48, Use.WRITE),
  TIME_CREATE(50),
  TIME_DELTA(51),
  TIME_METADATA(52),
  TIME_MODIFY(53),
  TIME_MODIFY_SET(54, Use.WRITE),
  MOUNTED_ON_FILEID(55),
  FS_LAYOUT_TYPES(62),
  SUPPATTR_EXCLCREAT(75),
  CLONE_BLKSIZE(77),
  CHANGE_ATTR_TYPE(79),
  XATTR_SUPPORT(82);

  private enum Use {
    READ,
    WRITE,
    BOTH
  }

  private final int number;
  private final Use use;

  Attribute(int number) {
    this(number, Use.READ);
  }

  Attribute(int number, Use use) {
    this.number = number;
    this.use = use;
  }

  /** The bit in a bitmap. */
  public int number() {
    return number;
  }

  /** Whether SETATTR may carry it. */
  public boolean isSettable() {
    return use != Use.READ;
  }

  /** Whether GETATTR may ask for it. */
  public boolean isReadable() {
    return use != Use.WRITE;
  }
}
