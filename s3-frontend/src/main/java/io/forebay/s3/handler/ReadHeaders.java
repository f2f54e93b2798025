package io.forebay.s3.handler;

import io.forebay.engine.ByteRange;
import io.forebay.engine.ObjectInfo;
import io.forebay.s3.http.Headers;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.S3Request.ReadObject;
import io.forebay.s3.op.StoredHeaders;
import io.forebay.s3.op.Timestamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** The header fields of an object. */
final class ReadHeaders {
  /** System headers by their stored names, as S3 writes them. */
  private static final Map<String, String> WRITTEN =
      Map.of(
          "cache-control", "Cache-Control",
          "content-disposition", "Content-Disposition",
          "content-encoding", "Content-Encoding",
          "content-language", "Content-Language",
          "content-type", "Content-Type",
          "expires", "Expires");

  private ReadHeaders() {}

  /**
   * Of GET and HEAD.
   *
   * @param range what of the object is answered; empty: all
   */
  static Headers of(ReadObject op, ObjectInfo info, Optional<ByteRange> range) {
    List<Headers.Field> fields = new ArrayList<>();
    fields.add(new Headers.Field("Last-Modified", Timestamps.http(info.lastModifiedNanos())));
    fields.add(new Headers.Field("ETag", EntityTags.quoted(info.etag())));
    fields.add(new Headers.Field("Accept-Ranges", "bytes"));
    range.ifPresent(part ->
        fields.add(
            new Headers.Field(
                "Content-Range",
                "bytes " + part.offset() + "-" + (part.end() - 1) + "/" + info.size())));
    SortedMap<String, String> system = new TreeMap<>(info.properties().headers());
    system.putIfAbsent("content-type", StoredHeaders.DEFAULT_CONTENT_TYPE);
    op.overrides().fields().forEach(each -> system.put(each.name(), each.value()));
    WRITTEN.keySet().stream()
        .sorted()
        .forEach(name -> {
          String value = system.get(name);
          if (value != null) {
            fields.add(new Headers.Field(WRITTEN.getOrDefault(name, name), value));
          }
        });
    info.properties()
        .userMetadata()
        .forEach((name, value) -> fields.add(new Headers.Field("x-amz-meta-" + name, value)));
    int tags = info.properties().tags().size();
    if (tags > 0) {
      fields.add(new Headers.Field("x-amz-tagging-count", Integer.toString(tags)));
    }
    if (op.partNumber().isPresent()) {
      partCount(info)
          .ifPresent(count ->
              fields.add(new Headers.Field("x-amz-mp-parts-count", Integer.toString(count))));
    }
    Headers headers = new Headers(fields);
    // A checksum is of all bytes: beside some of them it would mislead.
    boolean whole = range.isEmpty() || range.get().length() == info.size();
    return op.checksums() && whole
        ? Answers.checksums(headers, info.properties().checksums())
        : headers;
  }

  /** Of 304. */
  static Headers unmodified(ObjectInfo info) {
    Headers headers =
        Headers.of(
            "Last-Modified",
            Timestamps.http(info.lastModifiedNanos()),
            "ETag",
            EntityTags.quoted(info.etag()));
    for (String name : List.of("cache-control", "expires")) {
      String value = info.properties().headers().get(name);
      if (value != null) {
        headers = headers.with(WRITTEN.getOrDefault(name, name), value);
      }
    }
    return headers;
  }

  /** How many parts an object was put in; empty for one that came in one piece. */
  static OptionalInt partCount(ObjectInfo info) {
    int dash = info.etag().indexOf('-');
    if (dash < 0) {
      return OptionalInt.empty();
    }
    int count = Integer.parseInt(info.etag().substring(dash + 1));
    return count > 0 ? OptionalInt.of(count) : OptionalInt.empty();
  }
}
