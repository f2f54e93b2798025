package io.forebay.engine.segment;

import io.forebay.engine.VolumeId;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Looks at segments in the bucket without reading their data. */
public final class BucketSegments {
  private static final int FIRST_GUESS = 16 << 10;

  private final ObjectStore store;
  private final VolumeId volume;

  public BucketSegments(ObjectStore store, VolumeId volume) {
    this.store = store;
    this.volume = volume;
  }

  /**
   * Reads a segment's trailer: two or three requests.
   *
   * @return empty when there is no object
   * @throws DamagedSegmentException when the object is not this segment of this volume, whole
   * @throws StoreException when the bucket cannot tell
   */
  public Optional<SegmentTrailer> trailer(SegmentId id) throws DamagedSegmentException {
    String key = SegmentFormat.objectKey(id);
    Optional<ObjectStore.Stat> stat = store.stat(key);
    if (stat.isEmpty()) {
      requireBucket(key);
      return Optional.empty();
    }
    long size = stat.get().size();
    if (size < SegmentFormat.FOOTER_LENGTH
        || size > (long) SegmentFormat.MAX_DATA + SegmentFormat.MAX_TRAILER) {
      throw new DamagedSegmentException(key + " has " + size + " bytes, which no segment has");
    }
    ByteBuffer end = last(key, size, (int) Math.min(size, FIRST_GUESS));
    int length = SegmentFormat.trailerLength(end);
    if (length > size) {
      throw new DamagedSegmentException(key + " is shorter than its trailer");
    }
    ByteBuffer bytes =
        length <= end.remaining()
            ? end.slice(end.limit() - length, length)
            : last(key, size, length);
    SegmentTrailer trailer = SegmentFormat.decode(bytes);
    if (!trailer.id().equals(id)
        || !trailer.volume().equals(volume)
        || trailer.dataLength() + (long) length != size) {
      throw new DamagedSegmentException(key + " is not " + id + " of volume " + volume);
    }
    return Optional.of(trailer);
  }

  /**
   * A HEAD answers 404 without a reason, for a bucket that is not there as well (Amazon S3 API
   * reference, HeadObject). What follows from "no object" is final, so ask in a way that tells.
   */
  private void requireBucket(String key) {
    boolean there =
        store.list(key, "", 1).objects().stream().anyMatch(object -> object.key().equals(key));
    if (there) {
      throw new StoreException(StoreException.Kind.DOWN, "the bucket contradicts itself on " + key);
    }
  }

  private ByteBuffer last(String key, long size, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    store.get(key, size - count, bytes);
    return bytes.flip();
  }
}
