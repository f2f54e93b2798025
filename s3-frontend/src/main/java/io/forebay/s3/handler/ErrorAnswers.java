package io.forebay.s3.handler;

import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Response;
import io.forebay.s3.http.ResponseBody;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.xml.ErrorDocument;

/** Answers for requests that fail. */
public final class ErrorAnswers {
  private final String hostId;

  /**
   * Of one server.
   *
   * @param hostId as in {@code x-amz-id-2}
   */
  public ErrorAnswers(String hostId) {
    this.hostId = hostId;
  }

  /** The answer; to HEAD without a body, as to everyone when the status forbids one. */
  public Response of(RequestHead head, S3Exception failure) {
    int status = failure.error().status();
    Headers headers = headers(failure);
    if (status == 304) {
      return Response.empty(status, headers);
    }
    byte[] document = ErrorDocument.of(failure, head.path(), head.id(), hostId);
    headers = headers.with("Content-Type", "application/xml");
    ResponseBody body =
        head.method().equals("HEAD")
            ? new ResponseBody.Absent(document.length)
            : new ResponseBody.Bytes(document);
    return new Response(status, headers, body);
  }

  private static Headers headers(S3Exception failure) {
    return switch (failure.error()) {
      case SLOW_DOWN, SERVICE_UNAVAILABLE -> Headers.of("Retry-After", "1");
      case INVALID_RANGE ->
          failure.details().containsKey("ActualObjectSize")
              ? Headers.of("Content-Range", "bytes */" + failure.details().get("ActualObjectSize"))
              : Headers.NONE;
      default -> Headers.NONE;
    };
  }
}
