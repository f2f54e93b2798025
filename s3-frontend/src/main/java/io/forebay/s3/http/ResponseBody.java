package io.forebay.s3.http;

import java.util.function.Supplier;

/** What follows the head of an answer. */
public sealed interface ResponseBody {
  /** Nothing; announced as {@code Content-Length: 0} where the status allows a body. */
  record Empty() implements ResponseBody {}

  /**
   * Nothing, where a GET would have had something: the answer to HEAD.
   *
   * @param length the announced Content-Length
   */
  record Absent(long length) implements ResponseBody {}

  /** Few bytes. The array is given away. */
  record Bytes(byte[] bytes) implements ResponseBody {}

  /**
   * Many bytes.
   *
   * @param length exactly what the source will return in all
   * @param source closed once, sent or not
   */
  record Streamed(long length, PayloadSource source) implements ResponseBody {}

  /**
   * An XML document that may take long. As long as it does not take long, the answer is that of
   * {@code work}. After a while the head (200, XML) and the XML declaration leave, then blanks to
   * keep the connection alive, and at last the document, whose own declaration is left out; status
   * and header fields of the answer are lost then, and a failure becomes an error document (S3 API
   * reference, CompleteMultipartUpload).
   *
   * @param work blocks; returns an answer with {@link Bytes}; its failures are those of a handler
   */
  record Deferred(Supplier<Response> work) implements ResponseBody {}
}
