package io.forebay.s3.handler;

import io.forebay.engine.ByteRange;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectView;
import io.forebay.engine.OpenObject;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Response;
import io.forebay.s3.http.ResponseBody;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.PartLayout;
import io.forebay.s3.op.ReadPreconditions;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request.GetObjectAcl;
import io.forebay.s3.op.S3Request.GetObjectAttributes;
import io.forebay.s3.op.S3Request.ReadObject;
import io.forebay.s3.op.Timestamps;
import io.forebay.s3.xml.BucketDocuments;
import io.forebay.s3.xml.ObjectDocuments;
import io.forebay.s3.xml.Owner;
import java.util.Optional;
import java.util.OptionalInt;

/** Objects on their way out. */
final class ReadHandler {
  private final ObjectView objects;

  ReadHandler(ObjectView objects) {
    this.objects = objects;
  }

  Response read(ReadObject op, Request request) {
    return op.withBody() ? get(op, request) : head(op, request);
  }

  private Response head(ReadObject op, Request request) {
    ObjectInfo info = Answers.head(objects, request, op.address(), op.version());
    Optional<Response> unmodified = unmodified(op, info);
    if (unmodified.isPresent()) {
      return unmodified.get();
    }
    Optional<ByteRange> range = range(op, info);
    return new Response(
        range.isPresent() ? 206 : 200,
        ReadHeaders.of(op, info, range),
        new ResponseBody.Absent(range.map(ByteRange::length).orElse(info.size())));
  }

  private Response get(ReadObject op, Request request) {
    OpenObject object =
        op.version().isPresent()
            ? objects.open(
                request.caller(), op.address().bucket(), op.address().key(), op.version().get())
            : objects.open(request.caller(), op.address().bucket(), op.address().key());
    boolean handedOver = false;
    try {
      ObjectInfo info = object.info();
      Optional<Response> unmodified = unmodified(op, info);
      if (unmodified.isPresent()) {
        return unmodified.get();
      }
      Optional<ByteRange> range = range(op, info);
      ByteRange wanted = range.orElse(new ByteRange(0, info.size()));
      int status = range.isPresent() ? 206 : 200;
      Headers headers = ReadHeaders.of(op, info, range);
      if (wanted.length() == 0) {
        return Response.empty(status, headers);
      }
      ObjectSource source = ObjectSource.open(object, wanted);
      handedOver = true;
      return new Response(status, headers, new ResponseBody.Streamed(wanted.length(), source));
    } finally {
      if (!handedOver) {
        object.close();
      }
    }
  }

  /** The answer when the client has the object already. */
  private static Optional<Response> unmodified(ReadObject op, ObjectInfo info) {
    ReadPreconditions.Verdict verdict = op.preconditions().check(info);
    return switch (verdict.outcome()) {
      case HOLD -> Optional.empty();
      case NOT_MODIFIED -> Optional.of(Response.empty(304, ReadHeaders.unmodified(info)));
      case FAILED -> throw ReadPreconditions.failed(verdict.header());
    };
  }

  private static Optional<ByteRange> range(ReadObject op, ObjectInfo info) {
    if (op.partNumber().isPresent()) {
      return part(op.partNumber().getAsInt(), info);
    }
    if (op.range().isEmpty() || !isCurrent(op.ifRange(), info)) {
      return Optional.empty();
    }
    return Optional.of(op.range().get().of(info.size()));
  }

  /**
   * Whether a range counts: the client's piece is of this very object (RFC 9110 section 13.1.5).
   */
  private static boolean isCurrent(Optional<String> ifRange, ObjectInfo info) {
    if (ifRange.isEmpty()) {
      return true;
    }
    String text = ifRange.get().strip();
    if (text.startsWith("\"")) {
      return EntityTags.bare(text).equals(info.etag());
    }
    return text.equals(Timestamps.http(info.lastModifiedNanos()));
  }

  /** The range of a part; an object that came in one piece is its own first part. */
  private static Optional<ByteRange> part(int number, ObjectInfo info) {
    Optional<PartLayout> layout = PartLayout.of(info);
    if (layout.isEmpty() && ReadHeaders.partCount(info).isPresent()) {
      throw new S3Exception(
          S3Error.NOT_IMPLEMENTED, "The parts of this object are not known any more.");
    }
    Optional<ByteRange> range =
        layout.isPresent()
            ? layout.get().part(number)
            : Optional.of(new ByteRange(0, info.size())).filter(whole -> number == 1);
    if (range.isEmpty()) {
      int count = layout.map(PartLayout::count).orElse(1);
      throw new S3Exception(S3Error.INVALID_PART_NUMBER)
          .with("PartNumberRequested", Integer.toString(number))
          .with("ActualPartCount", Integer.toString(count));
    }
    return range.filter(part -> part.length() > 0);
  }

  Response attributes(GetObjectAttributes op, Request request) {
    ObjectInfo info = Answers.head(objects, request, op.address(), op.version());
    ReadPreconditions.Verdict verdict = op.preconditions().check(info);
    switch (verdict.outcome()) {
      case HOLD -> {}
      case NOT_MODIFIED -> {
        return Response.empty(304, ReadHeaders.unmodified(info));
      }
      case FAILED -> throw ReadPreconditions.failed(verdict.header());
    }
    OptionalInt parts = ReadHeaders.partCount(info);
    return Answers.document(
        ObjectDocuments.attributes(info, op.attributes(), parts),
        Answers.version(
            Headers.of("Last-Modified", Timestamps.http(info.lastModifiedNanos())), info));
  }

  Response acl(GetObjectAcl op, Request request) {
    ObjectInfo info = Answers.head(objects, request, op.address(), op.version());
    return Answers.document(BucketDocuments.acl(Owner.of(info.owner())));
  }
}
