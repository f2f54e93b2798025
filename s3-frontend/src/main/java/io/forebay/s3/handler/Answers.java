package io.forebay.s3.handler;

import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectView;
import io.forebay.engine.VersionId;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ChecksumType;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Response;
import io.forebay.s3.http.ResponseBody;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.ObjectAddress;
import java.util.Map;
import java.util.Optional;

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
    return version(
        checksums(
            Headers.of("ETag", EntityTags.quoted(info.etag())), info.properties().checksums()),
        info);
  }

  /** Adds which version it is, where it has an id. */
  static Headers version(Headers headers, ObjectInfo info) {
    return info.version().isNull()
        ? headers
        : headers.with("x-amz-version-id", info.version().text());
  }

  /** What is known of an object, or of one of its versions. */
  static ObjectInfo head(
      ObjectView objects, Request request, ObjectAddress address, Optional<VersionId> version) {
    return version.isPresent()
        ? objects.head(request.caller(), address.bucket(), address.key(), version.get())
        : objects.head(request.caller(), address.bucket(), address.key());
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
