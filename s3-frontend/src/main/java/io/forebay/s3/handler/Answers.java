package io.forebay.s3.handler;

import io.forebay.engine.ObjectInfo;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ChecksumType;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Response;
import io.forebay.s3.http.ResponseBody;
import io.forebay.s3.op.EntityTags;
import java.util.Map;

/** The forms of successful answers. */
final class Answers {
  private Answers() {}

  static Response document(byte[] document) {
    return document(document, Headers.NONE);
  }

  static Response document(byte[] document, Headers headers) {
    return new Response(
        200, headers.with("Content-Type", "application/xml"), new ResponseBody.Bytes(document));
  }

  static Response noContent() {
    return Response.empty(204, Headers.NONE);
  }

  /** The answer to what was just written. */
  static Headers written(ObjectInfo info) {
    return checksums(
        Headers.of("ETag", EntityTags.quoted(info.etag())), info.properties().checksums());
  }

  /** Adds an object's checksums and their type. */
  static Headers checksums(Headers headers, Map<String, String> kept) {
    return ChecksumAlgorithm.among(kept).values().stream()
        .findFirst()
        .map(value ->
            values(headers, kept).with("x-amz-checksum-type", ChecksumType.of(value).name()))
        .orElse(headers);
  }

  /** Adds a part's checksums. */
  static Headers values(Headers headers, Map<String, String> kept) {
    Headers more = headers;
    for (Map.Entry<ChecksumAlgorithm, String> each : ChecksumAlgorithm.among(kept).entrySet()) {
      more = more.with(each.getKey().header(), each.getValue());
    }
    return more;
  }
}
