package io.forebay.nfs.handler;

import io.forebay.engine.ErrorCode;
import io.forebay.nfs.attr.AttributeException.Problem;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;

/** The engine's errors in the words of NFS, by operation (RFC 8881 sections 15.2 and 15.4). */
final class StatusMapping {
  private StatusMapping() {}

  static NfsStatus of(OpCode op, ErrorCode code) {
    NfsStatus status = of(code);
    return switch (status) {
      case PERM -> mayBeForbidden(op) ? status : NfsStatus.ACCESS;
      case SYMLINK -> mayMeetSymlink(op) ? status : NfsStatus.NOTDIR;
      // Section 18.26.3: the target is not of a like kind, or a directory with something in it.
      case ISDIR, NOTDIR, NOTEMPTY -> op == OpCode.RENAME ? NfsStatus.EXIST : status;
      case NOENT -> isXattr(op) ? NfsStatus.NOXATTR : status;
      case FBIG -> isXattr(op) ? NfsStatus.XATTR2BIG : status;
      case BADNAME -> isXattr(op) ? NfsStatus.INVAL : status;
      default -> status;
    };
  }

  private static boolean isXattr(OpCode op) {
    return switch (op) {
      case GETXATTR, SETXATTR, LISTXATTRS, REMOVEXATTR -> true;
      default -> false;
    };
  }

  private static NfsStatus of(ErrorCode code) {
    return switch (code) {
      case NOT_FOUND -> NfsStatus.NOENT;
      case STALE -> NfsStatus.STALE;
      case EXISTS -> NfsStatus.EXIST;
      case NOT_DIRECTORY -> NfsStatus.NOTDIR;
      case IS_DIRECTORY -> NfsStatus.ISDIR;
      case NOT_EMPTY -> NfsStatus.NOTEMPTY;
      case WRONG_TYPE -> NfsStatus.WRONG_TYPE;
      case IS_SYMLINK -> NfsStatus.SYMLINK;
      case INVALID_NAME -> NfsStatus.BADNAME;
      case NAME_TOO_LONG -> NfsStatus.NAMETOOLONG;
      case TOO_MANY_LINKS -> NfsStatus.MLINK;
      case INVALID_ARGUMENT -> NfsStatus.INVAL;
      case FILE_TOO_LARGE -> NfsStatus.FBIG;
      case ACCESS_DENIED -> NfsStatus.ACCESS;
      case NOT_PERMITTED -> NfsStatus.PERM;
      case READ_ONLY -> NfsStatus.ROFS;
      case NO_SPACE -> NfsStatus.NOSPC;
      case QUOTA_EXCEEDED -> NfsStatus.DQUOT;
      // A fenced gateway never gets its volume back: waiting would be for ever.
      case CORRUPT, IO, FENCED -> NfsStatus.IO;
      case THROTTLED, UNAVAILABLE, SHUTTING_DOWN -> NfsStatus.DELAY;
      case NOT_SUPPORTED -> NfsStatus.NOTSUPP;
      // Not said by any method this package calls.
      case NO_SUCH_BUCKET,
          BUCKET_EXISTS,
          BUCKET_NOT_EMPTY,
          INVALID_BUCKET_NAME,
          INVALID_KEY,
          KEY_TOO_LONG,
          OBJECT_IS_DIRECTORY,
          OBJECT_PARENT_IS_FILE,
          DIRECTORY_OBJECT_HAS_DATA,
          CONDITION_FAILED,
          NO_SUCH_UPLOAD,
          NO_SUCH_VERSION,
          DELETE_MARKER,
          LOCKED,
          INVALID_PART,
          INVALID_PART_ORDER,
          PART_TOO_SMALL,
          INVALID_RANGE,
          INTERNAL ->
          NfsStatus.SERVERFAULT;
    };
  }

  private static boolean mayBeForbidden(OpCode op) {
    return op == OpCode.CREATE || op == OpCode.OPEN || op == OpCode.SETATTR;
  }

  private static boolean mayMeetSymlink(OpCode op) {
    return switch (op) {
      case COMMIT, LINK, LOCK, LOCKT, LOOKUP, LOOKUPP, OPEN, READ, WRITE -> true;
      default -> false;
    };
  }

  static NfsStatus of(Problem problem) {
    return switch (problem) {
      case NOT_SUPPORTED -> NfsStatus.ATTRNOTSUPP;
      case INVALID -> NfsStatus.INVAL;
      case BAD_OWNER -> NfsStatus.BADOWNER;
      case MALFORMED -> NfsStatus.BADXDR;
    };
  }
}
