package io.forebay.s3.http;

import java.net.InetSocketAddress;

/**
 * A request without its body.
 *
 * @param id names this request in its answer, in logs and in error documents
 * @param method as written, in upper case for all that S3 knows
 * @param rawPath as on the wire, without query; begins with a slash
 * @param path the same, percent-decoded
 * @param query decoded parameters
 * @param headers fields as on the wire; each value decoded as UTF-8 where it is, else as Latin-1
 * @param remote who asks
 * @param secure whether the connection is encrypted
 * @param contentLength of the body on the wire, in bytes; -1 when chunked, 0 without a body
 */
public record RequestHead(
    String id,
    String method,
    String rawPath,
    String path,
    QueryParameters query,
    Headers headers,
    InetSocketAddress remote,
    boolean secure,
    long contentLength) {
  /** Without header values and parameters: they may be secrets. */
  @Override
  public String toString() {
    return method + " " + rawPath + " (" + id + ")";
  }
}
