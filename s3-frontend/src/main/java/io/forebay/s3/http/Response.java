package io.forebay.s3.http;

/**
 * An answer. Length, framing, Date, Server and the request's ids are added on the way out.
 *
 * @param status 200 to 599
 * @param headers what the operation says
 */
public record Response(int status, Headers headers, ResponseBody body) {
  private static final ResponseBody EMPTY = new ResponseBody.Empty();

  /** Without a body. */
  public static Response empty(int status, Headers headers) {
    return new Response(status, headers, EMPTY);
  }

  /** Lets go of a body that will not be sent. */
  public void discard() {
    if (body instanceof ResponseBody.Streamed streamed) {
      streamed.source().close();
    }
  }
}
