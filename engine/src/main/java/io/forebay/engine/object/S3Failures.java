package io.forebay.engine.object;

import io.forebay.engine.object.StoreException.Kind;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an exception of the SDK means (Amazon S3 API reference, "Error responses"). */
final class S3Failures {
  private S3Failures() {}

  /**
   * @param changes whether the operation, had it taken effect, would have changed the store
   */
  static StoreException translate(String operation, String key, boolean changes, Exception e) {
    String message = operation + " of " + key + " failed: " + e.getMessage();
    if (e instanceof S3Exception answer) {
      return new StoreException(ofAnswer(answer, changes), message, e);
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException known) {
        return known;
      }
      if (isBeforeSending(cause)) {
        return new StoreException(Kind.DOWN, message, e);
      }
    }
    if (e instanceof SdkClientException && message.contains("credentials")) {
      return new StoreException(Kind.REFUSED, message, e);
    }
    if (e instanceof UncheckedIOException) {
      // The body could not be read: nothing whole was sent.
      return new StoreException(Kind.DOWN, message, e);
    }
    return new StoreException(changes ? Kind.AMBIGUOUS : Kind.DOWN, message, e);
  }

  private static boolean isBeforeSending(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof UnknownHostException
        || cause instanceof NoRouteToHostException
        || cause instanceof SSLHandshakeException;
  }

  static boolean isNoSuchBucket(S3Exception e) {
    return "NoSuchBucket".equals(code(e));
  }

  private static String code(S3Exception e) {
    return e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
  }

  private static Kind ofAnswer(S3Exception e, boolean changes) {
    switch (code(e)) {
      case "NoSuchBucket" -> {
        return Kind.REFUSED;
      }
      case "SlowDown", "Throttling", "RequestLimitExceeded" -> {
        return Kind.THROTTLED;
      }
      case "BadDigest", "XAmzContentChecksumMismatch", "InvalidRange" -> {
        return Kind.CORRUPT;
      }
      case "ConditionalRequestConflict", "OperationAborted" -> {
        // Another conditional write was under way: this one was not done, and may be tried again.
        return Kind.DOWN;
      }
      case "RequestTimeout" -> {
        return Kind.DOWN;
      }
      default -> {
        return ofStatus(e.statusCode(), changes);
      }
    }
  }

  private static Kind ofStatus(int status, boolean changes) {
    return switch (status) {
      case 404 -> Kind.MISSING;
      case 409, 412 -> Kind.CONFLICT;
      case 416 -> Kind.CORRUPT;
      case 429, 503 -> Kind.THROTTLED;
      // The server cannot do it (a conditional put, perhaps), now or later.
      case 501 -> Kind.REFUSED;
      default -> {
        if (status >= 500) {
          yield changes ? Kind.AMBIGUOUS : Kind.DOWN;
        }
        yield Kind.REFUSED;
      }
    };
  }
}
