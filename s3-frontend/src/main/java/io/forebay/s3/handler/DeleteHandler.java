package io.forebay.s3.handler;

import io.forebay.engine.BucketName;
import io.forebay.engine.EngineException;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectView;
import io.forebay.engine.WriteCondition;
import io.forebay.s3.http.Response;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.S3Request.DeleteObject;
import io.forebay.s3.op.S3Request.DeleteObjects;
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
    objects.delete(request.caller(), op.address().bucket(), op.address().key(), op.condition());
    return Answers.noContent();
  }

  Response deleteAll(DeleteObjects op, Request request) {
    Deletions asked = RequestDocuments.deletions(intake.document(request.body(), op.checks()));
    // Without a bucket the whole request fails, not each of its keys.
    objects.bucket(request.caller(), op.bucket());
    List<Deletion> done = deleted(op.bucket(), asked.victims(), request);
    return Answers.document(ObjectDocuments.deletions(done, asked.quiet()));
  }

  private List<Deletion> deleted(BucketName bucket, List<Victim> victims, Request request) {
    Semaphore permits = new Semaphore(MAX_CONCURRENT);
    List<Future<Deletion>> running = new ArrayList<>();
    try (ExecutorService tasks =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("s3-delete-", 0).factory())) {
      for (Victim victim : victims) {
        permits.acquire();
        running.add(
            tasks.submit(() -> {
              try {
                return deleted(bucket, victim, request);
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

  private Deletion deleted(BucketName bucket, Victim victim, Request request) {
    try {
      deleteOne(bucket, victim, request);
      return new Deletion(victim.key(), victim.versionId(), Optional.empty());
    } catch (EngineException | S3Exception e) {
      S3Exception failure = ErrorMapping.of(e);
      if (failure.getCause() != null) {
        LOG.warn(
            "request {}: cannot delete {}/{}",
            request.head().id(),
            bucket,
            victim.key(),
            failure.getCause());
      }
      return new Deletion(victim.key(), victim.versionId(), Optional.of(failure));
    }
  }

  private void deleteOne(BucketName bucket, Victim victim, Request request) {
    if (victim.unsupported().isPresent()) {
      throw new S3Exception(
          S3Error.NOT_IMPLEMENTED,
          "The condition " + victim.unsupported().get() + " is not offered here.");
    }
    if (!victim.versionId().orElse("null").equals("null")) {
      throw new S3Exception(S3Error.NO_SUCH_VERSION);
    }
    WriteCondition condition =
        victim
            .etag()
            .<WriteCondition>map(WriteCondition.IfMatches::new)
            .orElse(WriteCondition.ALWAYS);
    objects.delete(request.caller(), bucket, ObjectKey.of(victim.key()), condition);
  }
}
