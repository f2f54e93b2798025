package io.forebay.s3.handler;

import io.forebay.engine.BucketName;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectView;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request.PutObject;
import java.util.Optional;

/** Objects on their way in. */
final class WriteHandler {
  private final ObjectView objects;
  private final ContentIntake intake;

  WriteHandler(ObjectView objects, ContentIntake intake) {
    this.objects = objects;
    this.intake = intake;
  }

  Response put(PutObject op, Request request) {
    BucketName bucket = op.address().bucket();
    ObjectKey key = op.address().key();
    long length = ContentIntake.requireLength(request.body());
    if (key.isDirectory() && length > 0) {
      throw new S3Exception(S3Error.DIRECTORY_OBJECT_CONTAINS_DATA);
    }
    objects.checkPut(request.caller(), bucket, key);
    try (ContentWriter writer = objects.newContent(request.caller(), length)) {
      ContentIntake.Received received =
          intake.receive(request.body(), op.checks(), Optional.empty(), writer);
      ObjectInfo info =
          objects.put(
              request.caller(),
              bucket,
              key,
              writer,
              received.md5(),
              op.properties().withChecksums(received.checksums()),
              op.condition());
      return Response.empty(200, Answers.written(info));
    }
  }
}
