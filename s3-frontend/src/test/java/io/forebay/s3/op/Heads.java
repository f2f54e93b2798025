package io.forebay.s3.op;

import io.forebay.s3.http.Headers;
import io.forebay.s3.http.PercentEncoding;
import io.forebay.s3.http.QueryParameters;
import io.forebay.s3.http.RequestHead;
import java.net.InetSocketAddress;

/** Heads of requests for tests. */
public final class Heads {
  private Heads() {}

  /**
   * As a server would read it.
   *
   * @param target path and query as on the wire
   * @param headers names and values in turn
   */
  public static RequestHead of(String method, String target, String... headers) {
    return of(method, target, 0, Headers.of(headers));
  }

  public static RequestHead of(String method, String target, long contentLength, Headers headers) {
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    return new RequestHead(
        "4442587FB7D0A2F9",
        method,
        path,
        PercentEncoding.decodePath(path),
        QueryParameters.parse(query),
        headers,
        new InetSocketAddress("127.0.0.1", 1),
        false,
        contentLength);
  }
}
