package io.forebay.s3.handler;

import io.forebay.engine.CompletedPart;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectView;
import io.forebay.engine.Page;
import io.forebay.engine.PartInfo;
import io.forebay.engine.UploadInfo;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ChecksumType;
import io.forebay.s3.checksum.PartChecksums;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.RequestHead;
import io.forebay.s3.http.Response;
import io.forebay.s3.http.ResponseBody;
import io.forebay.s3.op.ContentChecks;
import io.forebay.s3.op.PartLayout;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request.CompleteMultipartUpload;
import io.forebay.s3.op.UploadAddress;
import io.forebay.s3.op.WholeChecksum;
import io.forebay.s3.xml.RequestDocuments;
import io.forebay.s3.xml.UploadDocuments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The completion of uploads in parts. */
final class CompletionHandler {
  private static final int PAGE = 1000;

  private final ObjectView objects;
  private final ContentIntake intake;

  CompletionHandler(ObjectView objects, ContentIntake intake) {
    this.objects = objects;
    this.intake = intake;
  }

  Response complete(CompleteMultipartUpload op, Request request) {
    List<CompletedPart> parts =
        RequestDocuments.parts(intake.document(request.body(), ContentChecks.NONE));
    requireOrder(parts);
    return new Response(
        200,
        Headers.of("Content-Type", "application/xml"),
        new ResponseBody.Deferred(() -> request.answer(() -> completeNow(op, parts, request))));
  }

  private static void requireOrder(List<CompletedPart> parts) {
    for (int i = 1; i < parts.size(); i++) {
      if (parts.get(i - 1).number() >= parts.get(i).number()) {
        throw new S3Exception(S3Error.INVALID_PART_ORDER);
      }
    }
  }

  private Response completeNow(
      CompleteMultipartUpload op, List<CompletedPart> parts, Request request) {
    UploadAddress address = op.upload();
    ObjectInfo info =
        objects.completeUpload(
            request.caller(),
            address.bucket(),
            address.key(),
            address.id(),
            parts,
            checksums(op, parts, request),
            op.condition());
    return Answers.document(UploadDocuments.completed(address, info, location(request.head())));
  }

  private static String location(RequestHead head) {
    return (head.secure() ? "https://" : "http://")
        + head.headers().first("host").orElse("localhost")
        + head.rawPath();
  }

  /**
   * What is to be kept of the whole object's content: checksum and layout; also checks what the
   * client says about it.
   */
  private SortedMap<String, String> checksums(
      CompleteMultipartUpload op, List<CompletedPart> parts, Request request) {
    UploadAddress address = op.upload();
    UploadInfo upload;
    try {
      upload = objects.upload(request.caller(), address.bucket(), address.key(), address.id());
    } catch (EngineException e) {
      if (e.code() == ErrorCode.NO_SUCH_UPLOAD) {
        // Perhaps completed before: the engine knows, and its object has its checksums.
        return new TreeMap<>();
      }
      throw e;
    }
    List<PartInfo> stored = stored(parts, request, address);
    requireSize(op, stored);
    SortedMap<String, String> whole = new TreeMap<>();
    PartLayout.of(stored.stream().map(PartInfo::size).toList())
        .text()
        .ifPresent(text -> whole.put(PartLayout.KEY, text));
    Optional<ChecksumAlgorithm> asked = UploadHandler.asked(upload);
    Optional<ChecksumAlgorithm> algorithm =
        asked.or(() -> op.whole().map(WholeChecksum::algorithm));
    if (algorithm.isPresent()) {
      ChecksumType type =
          asked
              .flatMap(each -> type(upload, each))
              .orElse(typeOf(op).orElse(ChecksumType.defaultOf(algorithm.get())));
      requireType(op, asked, type);
      combined(algorithm.get(), type, stored)
          .ifPresent(value -> whole.put(algorithm.get().key(), value));
      requireWhole(op, whole);
    }
    return whole;
  }

  private static Optional<ChecksumType> type(UploadInfo upload, ChecksumAlgorithm algorithm) {
    return Optional.ofNullable(upload.properties().checksums().get(algorithm.key()))
        .flatMap(ChecksumType::named);
  }

  private static Optional<ChecksumType> typeOf(CompleteMultipartUpload op) {
    return op.type().or(() -> op.whole().map(whole -> ChecksumType.of(whole.value())));
  }

  /** The named parts as they are stored; those that are not are the engine's to complain about. */
  private List<PartInfo> stored(List<CompletedPart> parts, Request request, UploadAddress address) {
    Map<Integer, PartInfo> all = new HashMap<>();
    int after = 0;
    while (true) {
      Page<PartInfo> page =
          objects.parts(
              request.caller(), address.bucket(), address.key(), address.id(), after, PAGE);
      page.items().forEach(each -> all.put(each.number(), each));
      if (!page.truncated() || page.items().isEmpty()) {
        break;
      }
      after = page.items().getLast().number();
    }
    List<PartInfo> named = new ArrayList<>();
    for (CompletedPart part : parts) {
      PartInfo info = all.get(part.number());
      // A part that is replaced meanwhile must not lend its checksum to the one that is meant.
      if (info == null || !info.etag().equals(part.etag())) {
        throw new S3Exception(S3Error.INVALID_PART)
            .with("PartNumber", Integer.toString(part.number()))
            .with("ETag", part.etag());
      }
      named.add(info);
    }
    return named;
  }

  private static void requireSize(CompleteMultipartUpload op, List<PartInfo> stored) {
    long size = stored.stream().mapToLong(PartInfo::size).sum();
    if (op.size().isPresent() && op.size().getAsLong() != size) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "The provided 'x-amz-mp-object-size' header value "
              + op.size().getAsLong()
              + " does not match what was computed: "
              + size);
    }
  }

  private static void requireType(
      CompleteMultipartUpload op, Optional<ChecksumAlgorithm> asked, ChecksumType type) {
    if (asked.isPresent() && op.type().isPresent() && op.type().get() != type) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "The upload was created using the "
              + type
              + " checksum mode. The complete request must use the same checksum mode.");
    }
    if (asked.isPresent()
        && op.whole().isPresent()
        && op.whole().get().algorithm() != asked.get()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "The upload was created using a "
              + asked.get().key()
              + " checksum. The complete request must include the same.");
    }
  }

  /** Empty when a part has no such checksum, as copied ones have not. */
  private static Optional<String> combined(
      ChecksumAlgorithm algorithm, ChecksumType type, List<PartInfo> stored) {
    List<PartChecksums.Part> parts = new ArrayList<>();
    for (PartInfo part : stored) {
      String value = part.checksums().get(algorithm.key());
      if (value == null) {
        return Optional.empty();
      }
      parts.add(new PartChecksums.Part(value, part.size()));
    }
    return Optional.of(PartChecksums.combine(algorithm, type, parts));
  }

  private static void requireWhole(CompleteMultipartUpload op, Map<String, String> computed) {
    if (op.whole().isEmpty()) {
      return;
    }
    WholeChecksum expected = op.whole().get();
    String value = computed.get(expected.algorithm().key());
    if (value == null) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "The parts have no " + expected.algorithm() + " checksum to compare with.");
    }
    if (!value.equals(expected.value())) {
      throw new S3Exception(
          S3Error.CONTENT_CHECKSUM_MISMATCH,
          "The " + expected.algorithm() + " you specified did not match the calculated checksum.");
    }
  }
}
