package io.forebay.s3.handler;

import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectView;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.S3Request.DeleteObjectTagging;
import io.forebay.s3.op.S3Request.GetObjectTagging;
import io.forebay.s3.op.S3Request.PutObjectTagging;
import io.forebay.s3.xml.ObjectDocuments;
import io.forebay.s3.xml.RequestDocuments;
import java.util.Map;

/** Tags of objects. */
final class TagHandler {
  private final ObjectView objects;
  private final ContentIntake intake;

  TagHandler(ObjectView objects, ContentIntake intake) {
    this.objects = objects;
    this.intake = intake;
  }

  Response get(GetObjectTagging op, Request request) {
    ObjectInfo info = Answers.head(objects, request, op.address(), op.version());
    return Answers.document(
        ObjectDocuments.tagging(info.properties().tags()), Answers.version(Headers.NONE, info));
  }

  Response put(PutObjectTagging op, Request request) {
    Map<String, String> tags =
        RequestDocuments.tagging(intake.document(request.body(), op.checks()));
    ObjectInfo info =
        objects.setTags(
            request.caller(), op.address().bucket(), op.address().key(), op.version(), tags);
    return Response.empty(200, Answers.version(Headers.NONE, info));
  }

  Response delete(DeleteObjectTagging op, Request request) {
    ObjectInfo info =
        objects.setTags(
            request.caller(), op.address().bucket(), op.address().key(), op.version(), Map.of());
    return Response.empty(204, Answers.version(Headers.NONE, info));
  }
}
