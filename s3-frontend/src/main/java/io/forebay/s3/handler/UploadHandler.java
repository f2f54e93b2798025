package io.forebay.s3.handler;

import io.forebay.engine.ContentWriter;
import io.forebay.engine.CopySource;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectView;
import io.forebay.engine.PartInfo;
import io.forebay.engine.UploadInfo;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ChecksumType;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request.AbortMultipartUpload;
import io.forebay.s3.op.S3Request.CreateMultipartUpload;
import io.forebay.s3.op.S3Request.UploadPart;
import io.forebay.s3.op.S3Request.UploadPartCopy;
import io.forebay.s3.op.UploadAddress;
import io.forebay.s3.xml.UploadDocuments;
import java.util.Map;
import java.util.Optional;

/** Uploads in parts, up to their completion. */
final class UploadHandler {
  private final ObjectView objects;
  private final ContentIntake intake;

  UploadHandler(ObjectView objects, ContentIntake intake) {
    this.objects = objects;
    this.intake = intake;
  }

  Response create(CreateMultipartUpload op, Request request) {
    if (op.address().key().isDirectory()) {
      throw new S3Exception(S3Error.DIRECTORY_OBJECT_CONTAINS_DATA);
    }
    objects.checkPut(request.caller(), op.address().bucket(), op.address().key());
    Headers headers = Headers.NONE;
    Map<String, String> asked = Map.of();
    if (op.algorithm().isPresent()) {
      ChecksumAlgorithm algorithm = op.algorithm().get();
      ChecksumType type = op.type().orElse(ChecksumType.defaultOf(algorithm));
      asked = Map.of(algorithm.key(), type.name());
      headers =
          Headers.of(
              "x-amz-checksum-algorithm", algorithm.name(), "x-amz-checksum-type", type.name());
    }
    UploadInfo upload =
        objects.createUpload(
            request.caller(),
            op.address().bucket(),
            op.address().key(),
            op.properties().withChecksums(asked));
    UploadAddress address =
        new UploadAddress(op.address().bucket(), op.address().key(), upload.id());
    return Answers.document(UploadDocuments.created(address), headers);
  }

  Response put(UploadPart op, Request request) {
    long length = ContentIntake.requireLength(request.body());
    UploadAddress address = op.upload();
    Optional<ChecksumAlgorithm> asked =
        asked(objects.upload(request.caller(), address.bucket(), address.key(), address.id()));
    requireSame(asked, op.checks().algorithm());
    try (ContentWriter writer = objects.newContent(request.caller(), length)) {
      ContentIntake.Received received = intake.receive(request.body(), op.checks(), asked, writer);
      PartInfo part =
          objects.putPart(
              request.caller(),
              address.bucket(),
              address.key(),
              address.id(),
              op.number(),
              writer,
              received.md5(),
              received.checksums());
      return Response.empty(
          200,
          Answers.values(Headers.of("ETag", EntityTags.quoted(part.etag())), part.checksums()));
    }
  }

  /** The checksum that an upload's parts are to have. */
  static Optional<ChecksumAlgorithm> asked(UploadInfo upload) {
    return ChecksumAlgorithm.among(upload.properties().checksums()).keySet().stream().findFirst();
  }

  private static void requireSame(
      Optional<ChecksumAlgorithm> asked, Optional<ChecksumAlgorithm> given) {
    if (asked.isPresent() && given.isPresent() && asked.get() != given.get()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "Checksum Type mismatch occurred, expected checksum Type: "
              + asked.get().key()
              + ", actual checksum Type: "
              + given.get().key());
    }
  }

  Response copy(UploadPartCopy op, Request request) {
    if (op.range().isPresent() && op.range().get().length() > ObjectView.MAX_PUT_SIZE) {
      throw tooLarge();
    }
    CopySource source = op.origin().source();
    CopySource checked =
        new CopySource(
            source.bucket(),
            source.key(),
            info -> {
              source.condition().check(info);
              requireFit(op, info);
            });
    UploadAddress address = op.upload();
    PartInfo part =
        objects.copyPart(
            request.caller(),
            checked,
            op.range(),
            address.bucket(),
            address.key(),
            address.id(),
            op.number());
    return Answers.document(UploadDocuments.copiedPart(part));
  }

  private static void requireFit(UploadPartCopy op, ObjectInfo source) {
    if (op.range().isEmpty() && source.size() > ObjectView.MAX_PUT_SIZE) {
      throw tooLarge();
    }
    if (op.range().isPresent() && op.range().get().end() > source.size()) {
      throw S3Exception.invalidArgument(
          "Range specified is not valid for source object of size: " + source.size(),
          "x-amz-copy-source-range",
          "bytes=" + op.range().get().offset() + "-" + (op.range().get().end() - 1));
    }
  }

  private static S3Exception tooLarge() {
    return new S3Exception(
        S3Error.INVALID_REQUEST,
        "The specified copy source is larger than the maximum allowable size for a copy source: "
            + ObjectView.MAX_PUT_SIZE);
  }

  Response abort(AbortMultipartUpload op, Request request) {
    UploadAddress address = op.upload();
    objects.abortUpload(request.caller(), address.bucket(), address.key(), address.id());
    return Answers.noContent();
  }
}
