package io.forebay.s3.handler;

import io.forebay.engine.CopySource;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.ObjectView;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Response;
import io.forebay.s3.http.ResponseBody;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request.CopyObject;
import io.forebay.s3.xml.ObjectDocuments;
import java.util.Optional;

/** Copies of whole objects, which share their bytes. */
final class CopyHandler {
  /** How often a source may change its properties while they are being taken over. */
  private static final int MAX_ATTEMPTS = 8;

  private final ObjectView objects;

  CopyHandler(ObjectView objects) {
    this.objects = objects;
  }

  /** The source's properties are not those that were seen a moment ago. */
  private static final class SourceChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SourceChangedException() {
      super("the source of a copy changed", null, false, false);
    }
  }

  Response copy(CopyObject op, Request request) {
    return new Response(
        200,
        Headers.of("Content-Type", "application/xml"),
        new ResponseBody.Deferred(() -> request.answer(() -> copyNow(op, request))));
  }

  private Response copyNow(CopyObject op, Request request) {
    return Answers.document(ObjectDocuments.copy(copied(op, request)));
  }

  private ObjectInfo copied(CopyObject op, Request request) {
    if (op.replacement().isPresent() == op.replacementTags().isPresent()) {
      return copied(op, request, op.origin().source(), op.replacement());
    }
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        return copiedInPart(op, request);
      } catch (SourceChangedException e) {
        // Once more with what it has now.
      }
    }
    throw new S3Exception(S3Error.OPERATION_ABORTED);
  }

  /** Tags of the one, everything else of the other. */
  private ObjectInfo copiedInPart(CopyObject op, Request request) {
    CopySource source = op.origin().source();
    ObjectProperties seen =
        source
            .version()
            .map(version -> objects.head(request.caller(), source.bucket(), source.key(), version))
            .orElseGet(() -> objects.head(request.caller(), source.bucket(), source.key()))
            .properties();
    ObjectProperties mixed =
        op.replacement().orElse(seen).withTags(op.replacementTags().orElse(seen).tags());
    CopySource unchanged =
        new CopySource(
            source.bucket(),
            source.key(),
            source.version(),
            info -> {
              source.condition().check(info);
              if (!info.properties().equals(seen)) {
                throw new SourceChangedException();
              }
            });
    return copied(op, request, unchanged, Optional.of(mixed));
  }

  private ObjectInfo copied(
      CopyObject op, Request request, CopySource source, Optional<ObjectProperties> replacement) {
    CopySource checked =
        new CopySource(
            source.bucket(),
            source.key(),
            source.version(),
            info -> {
              source.condition().check(info);
              op.algorithm().ifPresent(algorithm -> requireChecksum(info, algorithm));
            });
    return objects.copy(
        request.caller(),
        checked,
        op.address().bucket(),
        op.address().key(),
        replacement,
        op.condition());
  }

  /** A copy does not look at the bytes: it has the checksums that its source has. */
  private static void requireChecksum(ObjectInfo info, ChecksumAlgorithm algorithm) {
    if (!info.properties().checksums().containsKey(algorithm.key())) {
      throw new S3Exception(
          S3Error.NOT_IMPLEMENTED,
          "CopyObject does not compute checksums: the source has no " + algorithm + ".");
    }
  }
}
