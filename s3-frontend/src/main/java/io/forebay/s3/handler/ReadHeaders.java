package io.forebay.s3.handler;

import io.forebay.engine.ByteRange;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectLock;
import io.forebay.s3.http.Headers;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.S3Request.ReadObject;
import io.forebay.s3.op.StoredHeaders;
import io.forebay.s3.op.Timestamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The header fields of an object. */
final class ReadHeaders {
  /** System headers as S3 writes them; their stored names are the same in lower case. */
  private static final List<String> SYSTEM =
      List.of(
          "Cache-Control",
          "Content-Disposition",
          "Content-Encoding",
          "Content-Language",
          "Content-Type",
          "Expires");

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
    for (String name : SYSTEM) {
      system(op, info, name).ifPresent(value -> fields.add(new Headers.Field(name, value)));
    }
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
    lock(info.lock(), fields);
    Headers headers = Answers.version(new Headers(fields), info);
    // A checksum is of all bytes: beside some of them it would mislead.
    boolean whole = range.isEmpty() || range.get().length() == info.size();
    return op.checksums() && whole
        ? Answers.checksums(headers, info.properties().checksums())
        : headers;
  }

  private static void lock(ObjectLock lock, List<Headers.Field> fields) {
    if (lock.mode() != ObjectLock.Mode.NONE) {
      fields.add(new Headers.Field("x-amz-object-lock-mode", lock.mode().name()));
      fields.add(
          new Headers.Field(
              "x-amz-object-lock-retain-until-date", Timestamps.iso(lock.retainUntilNanos())));
    }
    if (lock.legalHold()) {
      fields.add(new Headers.Field("x-amz-object-lock-legal-hold", "ON"));
    }
  }

  private static Optional<String> system(ReadObject op, ObjectInfo info, String name) {
    Optional<String> value = op.overrides().first(name).or(() -> stored(info, name));
    return value.isEmpty() && name.equals("Content-Type")
        ? Optional.of(StoredHeaders.DEFAULT_CONTENT_TYPE)
        : value;
  }

  private static Optional<String> stored(ObjectInfo info, String name) {
    return Optional.ofNullable(info.properties().headers().get(name.toLowerCase(Locale.ROOT)));
  }

  /** Of 304. */
  static Headers unmodified(ObjectInfo info) {
    Headers headers =
        Headers.of(
            "Last-Modified",
            Timestamps.http(info.lastModifiedNanos()),
            "ETag",
            EntityTags.quoted(info.etag()));
    for (String name : List.of("Cache-Control", "Expires")) {
      Optional<String> value = stored(info, name);
      if (value.isPresent()) {
        headers = headers.with(name, value.get());
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
