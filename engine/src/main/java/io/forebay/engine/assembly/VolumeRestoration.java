package io.forebay.engine.assembly;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.lease.LeaseInspection;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.ObjectStores;
import io.forebay.engine.object.RetryPolicy;
import io.forebay.engine.object.RetryingObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.shipping.RecoveryReport;
import io.forebay.engine.shipping.VolumeRecovery;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Rebuilds a volume on a new machine, from its bucket alone. */
public final class VolumeRestoration {
  private static final int CONNECTIONS = 8;

  private VolumeRestoration() {}

  /**
   * What is asked for.
   *
   * @param dataDirectory empty, or not there
   * @param bucketUrl of the volume
   * @param fromSegments without the metadata in the bucket: contents of files by inode
   * @param force although a gateway has the volume still, as far as its lease says
   */
  public record Request(Path dataDirectory, URI bucketUrl, boolean fromSegments, boolean force) {}

  /**
   * Does it; takes as long as it takes.
   *
   * @param lines what happens, for people
   * @return whether all that the bucket should have was there
   * @throws EngineException {@link ErrorCode#EXISTS} for a directory that is not empty, {@link
   *     ErrorCode#FENCED} when a gateway has the volume, {@link ErrorCode#UNAVAILABLE} for a bucket
   *     that does not answer, {@link ErrorCode#INVALID_ARGUMENT} for one that holds no volume,
   *     {@link ErrorCode#CORRUPT} when nothing whole is in it, {@link ErrorCode#IO}
   */
  public static boolean run(
      Request request, TimeSource time, RandomGenerator random, Consumer<String> lines) {
    try (ObjectStore store =
        new RetryingObjectStore(
            ObjectStores.open(request.bucketUrl(), CONNECTIONS, time),
            RetryPolicy.DEFAULT,
            time,
            random)) {
      requireFree(request, store, time, lines);
      VolumeRecovery recovery = new VolumeRecovery(store, time, random, lines::accept);
      RecoveryReport report =
          request.fromSegments()
              ? recovery.fromSegments(request.dataDirectory())
              : recovery.fromLog(request.dataDirectory());
      lines.accept(summary(report));
      return report.isComplete() && report.lostSegments() == 0;
    } catch (StoreException e) {
      throw new EngineException(
          ErrorCode.UNAVAILABLE, "the bucket cannot be used: " + e.getMessage(), e);
    }
  }

  private static void requireFree(
      Request request, ObjectStore store, TimeSource time, Consumer<String> lines) {
    Optional<String> holder = LeaseInspection.holder(store, time);
    if (holder.isEmpty()) {
      return;
    }
    if (!request.force()) {
      throw new EngineException(
          ErrorCode.FENCED,
          holder.get()
              + "; stop it, or wait. --force recovers all the same: that gateway loses the volume"
              + " when the recovered one is served, and with it what it did not ship");
    }
    lines.accept("going on although " + holder.get());
  }

  private static String summary(RecoveryReport report) {
    String restored =
        "restored: %d inodes, %d bytes in files".formatted(report.inodes(), report.bytes());
    String moment =
        report.moment() == 0
            ? ", from segments alone"
            : ", as of %s, with %d objects of the log"
                .formatted(Instant.ofEpochSecond(0, report.moment()), report.objects());
    String lost =
        report.lostSegments() == 0
            ? "; nothing is missing"
            : "; %d segments are not in the bucket or damaged, %d files are listed above"
                .formatted(report.lostSegments(), report.damagedFiles());
    return restored + moment + lost + (report.isComplete() ? "" : "; the log was not whole");
  }
}
