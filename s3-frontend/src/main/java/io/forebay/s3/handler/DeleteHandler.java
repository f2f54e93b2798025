package io.forebay.s3.handler;

import io.forebay.engine.BucketName;
import io.forebay.engine.Deleted;
import io.forebay.engine.EngineException;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectView;
import io.forebay.engine.VersionId;
import io.forebay.engine.WriteCondition;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request.DeleteObject;
import io.forebay.s3.op.S3Request.DeleteObjects;
import io.forebay.s3.op.Versions;
import io.forebay.s3.xml.ObjectDocuments;
import io.forebay.s3.xml.ObjectDocuments.Deletion;
import io.forebay.s3.xml.RequestDocuments;
import io.forebay.s3.xml.RequestDocuments.Deletions;
import io.forebay.s3.xml.RequestDocuments.Victim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletions. */
final class DeleteHandler {
  /** Deletions of one request at once: the engine commits them together. */
  private static final int MAX_CONCURRENT = 32;

  private static final Logger LOG = LoggerFactory.getLogger(DeleteHandler.class);

  private final ObjectView objects;
  private final ContentIntake intake;

  DeleteHandler(ObjectView objects, ContentIntake intake) {
    this.objects = objects;
    this.intake = intake;
  }

  Response delete(DeleteObject op, Request request) {
    Deleted done =
        deleted(
            op.address().bucket(),
            op.address().key(),
            op.version(),
            op.bypassGovernance(),
            op.condition(),
            request);
    Headers headers = Headers.NONE;
    if (done.version().isPresent()) {
      headers = headers.with("x-amz-version-id", done.version().get().text());
    }
    if (done.marker()) {
      headers = headers.with("x-amz-delete-marker", "true");
    }
    return Response.empty(204, headers);
  }

  private Deleted deleted(
      BucketName bucket,
      ObjectKey key,
      Optional<VersionId> version,
      boolean bypass,
      WriteCondition condition,
      Request request) {
    return version.isPresent()
        ? objects.removeVersion(request.caller(), bucket, key, version.get(), bypass)
        : objects.remove(request.caller(), bucket, key, condition);
  }

  Response deleteAll(DeleteObjects op, Request request) {
    Deletions asked = RequestDocuments.deletions(intake.document(request.body(), op.checks()));
    // Without a bucket the whole request fails, not each of its keys.
    objects.bucket(request.caller(), op.bucket());
    List<Deletion> done = deleted(op, asked.victims(), request);
    return Answers.document(ObjectDocuments.deletions(done, asked.quiet()));
  }

  private List<Deletion> deleted(DeleteObjects op, List<Victim> victims, Request request) {
    Semaphore permits = new Semaphore(MAX_CONCURRENT);
    List<Future<Deletion>> running = new ArrayList<>();
    try (ExecutorService tasks =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("s3-delete-", 0).factory())) {
      for (Victim victim : victims) {
        permits.acquire();
        running.add(
            tasks.submit(() -> {
              try {
                return deleted(op, victim, request);
              } finally {
                permits.release();
              }
            }));
      }
      List<Deletion> done = new ArrayList<>();
      for (Future<Deletion> each : running) {
        done.add(each.get());
      }
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a deletion ended without an outcome", e);
    }
  }

  private Deletion deleted(DeleteObjects op, Victim victim, Request request) {
    try {
      Deleted done = deleteOne(op, victim, request);
      return new Deletion(
          victim.key(),
          victim.versionId(),
          done.marker(),
          done.version().filter(version -> done.marker()).map(VersionId::text),
          Optional.empty());
    } catch (EngineException | S3Exception e) {
      S3Exception failure = ErrorMapping.of(e);
      if (failure.getCause() != null) {
        LOG.warn(
            "request {}: cannot delete {}/{}",
            request.head().id(),
            op.bucket(),
            victim.key(),
            failure.getCause());
      }
      return new Deletion(
          victim.key(), victim.versionId(), false, Optional.empty(), Optional.of(failure));
    }
  }

  /** What no version can have none has: the others of the request go on. */
  private static VersionId versionOf(String id) {
    try {
      return Versions.of(id);
    } catch (S3Exception e) {
      throw new S3Exception(S3Error.NO_SUCH_VERSION);
    }
  }

  private Deleted deleteOne(DeleteObjects op, Victim victim, Request request) {
    if (victim.unsupported().isPresent()) {
      throw new S3Exception(
          S3Error.NOT_IMPLEMENTED,
          "The condition " + victim.unsupported().get() + " is not offered here.");
    }
    Optional<VersionId> version =
        victim.versionId().filter(id -> !id.isEmpty()).map(DeleteHandler::versionOf);
    WriteCondition condition =
        victim
            .etag()
            .<WriteCondition>map(WriteCondition.IfMatches::new)
            .orElse(WriteCondition.ALWAYS);
    return deleted(
        op.bucket(),
        ObjectKey.of(victim.key()),
        version,
        op.bypassGovernance(),
        condition,
        request);
  }
}
