package io.forebay.s3.server;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.s3.handler.ErrorMapping;
import io.forebay.s3.http.MalformedRequestException;
import io.forebay.s3.http.RequestAbortedException;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.RequestTimeoutException;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a failure: an answer, and a line of log when it is not the client's. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  /** What to answer; logs once what is ours. */
  S3Exception answerTo(Throwable failure, RequestHead head, String operation) {
    S3Exception answer =
        switch (failure) {
          case MalformedRequestException malformed -> of(malformed);
          case RequestTimeoutException late -> new S3Exception(S3Error.REQUEST_TIMEOUT);
          // Nobody will read it.
          case RequestAbortedException gone -> new S3Exception(S3Error.REQUEST_TIMEOUT);
          case RuntimeException known -> ErrorMapping.of(known);
          default -> ErrorMapping.of(new IllegalStateException(failure));
        };
    Throwable cause = answer.getCause();
    if (cause != null) {
      log(cause, head, operation);
    }
    return answer;
  }

  /** An answer broke off after its head had left: the client cannot be told any more. */
  void brokeOff(Throwable failure, RequestHead head, String operation) {
    if (failure instanceof RequestAbortedException) {
      log.debug("{} left during {} {}", head.remote(), operation, head.id());
    } else {
      log(failure, head, operation);
    }
  }

  /** The world's failures are one line; defects come with a trace. */
  private static void log(Throwable cause, RequestHead head, String operation) {
    if (cause instanceof EngineException known && known.code() != ErrorCode.INTERNAL) {
      log.warn("{} {} failed: {}", operation, head.id(), chain(known));
    } else {
      log.error("{} {} failed", operation, head.id(), cause);
    }
  }

  private static String chain(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.toString() : failure + ", because of " + chain(cause);
  }

  private static S3Exception of(MalformedRequestException malformed) {
    S3Error error =
        switch (malformed.reason()) {
          case TARGET -> S3Error.INVALID_URI;
          case LINE_TOO_LONG, HEAD_TOO_LARGE -> S3Error.REQUEST_HEADER_SECTION_TOO_LARGE;
          case FRAMING, VERSION, EXPECTATION -> S3Error.BAD_REQUEST;
        };
    return new S3Exception(error, error.message() + " " + malformed.getMessage());
  }
}
