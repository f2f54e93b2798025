package io.forebay.s3.handler;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import java.util.Map;

/** What S3 says for what the engine says. */
public final class ErrorMapping {
  private ErrorMapping() {}

  /**
   * Maps whatever a request ended in. A failure that is the server's, or a defect, keeps its cause,
   * for the one line of log it is worth.
   */
  public static S3Exception of(RuntimeException failure) {
    return switch (failure) {
      case S3Exception known -> known;
      case EngineException engine -> of(engine);
      default ->
          new S3Exception(
              S3Error.INTERNAL_ERROR, S3Error.INTERNAL_ERROR.message(), Map.of(), failure);
    };
  }

  static S3Exception of(EngineException failure) {
    S3Error error = errorOf(failure.code());
    return switch (failure.code()) {
      // The engine knows better than a fixed text what is wrong with a name or an argument.
      case INVALID_ARGUMENT,
          INVALID_KEY,
          INVALID_NAME,
          KEY_TOO_LONG,
          NAME_TOO_LONG,
          FILE_TOO_LARGE,
          NOT_SUPPORTED ->
          new S3Exception(error, sentence(failure));
      case READ_ONLY -> new S3Exception(error, "Access Denied: the volume takes no writes.");
      case CORRUPT, IO, UNAVAILABLE, FENCED, INTERNAL, STALE ->
          new S3Exception(error, error.message(), Map.of(), failure);
      default -> new S3Exception(error);
    };
  }

  private static String sentence(EngineException failure) {
    String message = failure.getMessage();
    return message == null ? errorOf(failure.code()).message() : message;
  }

  /** Every code, by name. */
  static S3Error errorOf(ErrorCode code) {
    return switch (code) {
      case NOT_FOUND -> S3Error.NO_SUCH_KEY;
      // It went away while the request ran: asked again, the server knows what to say.
      case STALE -> S3Error.SERVICE_UNAVAILABLE;
      case EXISTS, NOT_EMPTY -> S3Error.OPERATION_ABORTED;
      case NOT_DIRECTORY, OBJECT_PARENT_IS_FILE -> S3Error.OBJECT_PARENT_IS_FILE;
      case IS_DIRECTORY, OBJECT_IS_DIRECTORY -> S3Error.EXISTING_OBJECT_IS_DIRECTORY;
      case WRONG_TYPE, IS_SYMLINK -> S3Error.EXISTING_FILE_IS_SPECIAL;
      case INVALID_NAME, INVALID_KEY -> S3Error.INVALID_OBJECT_NAME;
      case NAME_TOO_LONG, KEY_TOO_LONG -> S3Error.KEY_TOO_LONG;
      case TOO_MANY_LINKS -> S3Error.STORAGE_FULL;
      case INVALID_ARGUMENT -> S3Error.INVALID_ARGUMENT;
      case FILE_TOO_LARGE -> S3Error.ENTITY_TOO_LARGE;
      case ACCESS_DENIED, NOT_PERMITTED, READ_ONLY -> S3Error.ACCESS_DENIED;
      case NO_SPACE -> S3Error.STORAGE_FULL;
      case QUOTA_EXCEEDED -> S3Error.QUOTA_EXCEEDED;
      case NO_SUCH_BUCKET -> S3Error.NO_SUCH_BUCKET;
      case BUCKET_EXISTS -> S3Error.BUCKET_ALREADY_EXISTS;
      case BUCKET_NOT_EMPTY -> S3Error.BUCKET_NOT_EMPTY;
      case INVALID_BUCKET_NAME -> S3Error.INVALID_BUCKET_NAME;
      case DIRECTORY_OBJECT_HAS_DATA -> S3Error.DIRECTORY_OBJECT_CONTAINS_DATA;
      case CONDITION_FAILED -> S3Error.PRECONDITION_FAILED;
      case NO_SUCH_UPLOAD -> S3Error.NO_SUCH_UPLOAD;
      case NO_SUCH_VERSION -> S3Error.NO_SUCH_VERSION;
      case DELETE_MARKER -> S3Error.METHOD_NOT_ALLOWED;
      case LOCKED -> S3Error.ACCESS_DENIED;
      case INVALID_PART -> S3Error.INVALID_PART;
      case INVALID_PART_ORDER -> S3Error.INVALID_PART_ORDER;
      case PART_TOO_SMALL -> S3Error.ENTITY_TOO_SMALL;
      case INVALID_RANGE -> S3Error.INVALID_RANGE;
      case THROTTLED -> S3Error.SLOW_DOWN;
      // Another gateway has the volume, or the bucket is out of reach, or we are going: come back.
      case UNAVAILABLE, FENCED, SHUTTING_DOWN -> S3Error.SERVICE_UNAVAILABLE;
      case CORRUPT, IO, INTERNAL -> S3Error.INTERNAL_ERROR;
      case NOT_SUPPORTED -> S3Error.NOT_IMPLEMENTED;
    };
  }
}
