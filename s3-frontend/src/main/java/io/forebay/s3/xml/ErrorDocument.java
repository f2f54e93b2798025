package io.forebay.s3.xml;

import io.forebay.s3.op.S3Exception;

/** The body of an answer that is no success. */
public final class ErrorDocument {
  private ErrorDocument() {}

  /**
   * Writes it.
   *
   * @param resource the path asked for
   * @param requestId as in {@code x-amz-request-id}
   * @param hostId as in {@code x-amz-id-2}
   */
  public static byte[] of(S3Exception failure, String resource, String requestId, String hostId) {
    XmlWriter xml =
        XmlWriter.error()
            .element("Code", failure.error().code())
            .element("Message", failure.message());
    failure.details().forEach(xml::element);
    return xml.element("Resource", resource)
        .element("RequestId", requestId)
        .element("HostId", hostId)
        .finish();
  }
}
