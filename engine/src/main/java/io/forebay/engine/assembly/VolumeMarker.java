package io.forebay.engine.assembly;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.RecordStore;
import io.forebay.engine.metadata.Volume;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.shipping.BucketVolume;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties a volume to its bucket: the object {@code volume} says whose segments these are
 * (docs/format.md, section "The bucket"). Without it two volumes with one prefix would write over
 * each other's segments, and a mistyped bucket would look like lost data.
 */
final class VolumeMarker {
  private static final Logger log = LoggerFactory.getLogger(VolumeMarker.class);
  private static final String SPACE = "volume";
  private static final String CLAIMED = "bucket-claimed";

  private final ObjectStore store;
  private final RecordStore records;
  private final Volume volume;
  private volatile boolean claimed;

  /**
   * @param store one that retries
   */
  VolumeMarker(ObjectStore store, RecordStore records, Volume volume) {
    this.store = store;
    this.records = records;
    this.volume = volume;
  }

  /** As {@link #claim}, until that has succeeded once. */
  void claimOnce() {
    if (!claimed) {
      claimed = claim();
    }
  }

  /**
   * Makes sure that the bucket is this volume's; an empty one becomes so.
   *
   * @return false when the bucket cannot be asked now, but was this volume's before: try again
   * @throws EngineException {@link ErrorCode#INVALID_ARGUMENT} when it is another volume's or not
   *     the one this volume's data are in, {@link ErrorCode#UNAVAILABLE} for a new volume whose
   *     bucket cannot be used
   */
  boolean claim() {
    boolean claimedBefore = records.get(SPACE, CLAIMED).isPresent();
    try {
      Optional<ByteBuffer> present = read();
      if (present.isEmpty() && claimedBefore) {
        throw refused("holds no volume; this volume's data are in another bucket or prefix");
      }
      if (present.isEmpty()) {
        store.putIf(BucketVolume.KEY, BucketVolume.encode(volume), Optional.empty());
      } else if (!present.get().equals(BucketVolume.encode(volume))) {
        throw refused("holds another volume:\n" + StandardCharsets.UTF_8.decode(present.get()));
      }
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.CONFLICT) {
        throw refused("was taken by another volume just now");
      }
      if (!claimedBefore || e.kind() == StoreException.Kind.CORRUPT) {
        throw new EngineException(
            ErrorCode.UNAVAILABLE,
            "the bucket (" + store.describe() + ") cannot be used: " + e.getMessage(),
            e);
      }
      log.warn("the bucket ({}) does not answer: {}", store.describe(), e.toString());
      return false;
    }
    if (!claimedBefore) {
      records.put(SPACE, CLAIMED, BucketVolume.encode(volume).array());
    }
    return true;
  }

  private Optional<ByteBuffer> read() {
    try {
      return Optional.of(store.fetch(BucketVolume.KEY, BucketVolume.MAX_BYTES).bytes());
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private EngineException refused(String why) {
    return new EngineException(
        ErrorCode.INVALID_ARGUMENT, "the bucket (" + store.describe() + ") " + why);
  }
}
