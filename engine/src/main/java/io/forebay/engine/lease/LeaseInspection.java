package io.forebay.engine.lease;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Looks at who has a volume, without wanting it. */
public final class LeaseInspection {
  private LeaseInspection() {}

  /**
   * Who has the volume as far as the lease says, by the clocks of both machines; one sentence.
   *
   * @return empty without a lease, and for one that was let go of or has run out
   */
  public static Optional<String> holder(ObjectStore store, TimeSource time) {
    LeaseRecord record;
    try {
      record = LeaseRecord.decode(store.fetch(LeaseRecord.KEY, LeaseRecord.MAX_BYTES).bytes());
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
    long end = record.renewedNanos() + record.duration().toNanos();
    long left = end - time.epochNanos();
    if (record.released() || left <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "a gateway on %s (process %d) has the volume until %s, %d s from now"
            .formatted(
                record.host(),
                record.pid(),
                Instant.ofEpochSecond(0, end),
                Duration.ofNanos(left).toSeconds()));
  }
}
