package io.forebay.engine.shipping;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.metadata.CommitLog;
import io.forebay.engine.metadata.LogPlace;
import io.forebay.engine.object.Body;
import io.forebay.engine.object.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the database's own file into the bucket while writes go on: until the local log begins
 * anew, which waits for this, the file does not change. One piece is in memory at a time.
 */
final class SnapshotWriter {
  static final Duration TICK = Duration.ofMillis(200);

  private static final Logger log = LoggerFactory.getLogger(SnapshotWriter.class);

  /** Log shipped since the last snapshot, as soon as it is more than the database has. */
  private static final long MIN_BYTES = 64L << 20;

  private static final long MAX_OBJECTS = 10_000;
  private static final Duration MAX_AGE = Duration.ofDays(1);

  private final CommitLog commits;
  private final Shipment shipment;
  private final ObjectStore store;
  private final ShippingMetrics metrics;
  private final TimeSource time;
  private final LogRetention retention;

  SnapshotWriter(
      CommitLog commits,
      Shipment shipment,
      ObjectStore store,
      ShippingMetrics metrics,
      TimeSource time) {
    this.commits = commits;
    this.shipment = shipment;
    this.store = store;
    this.metrics = metrics;
    this.time = time;
    this.retention = new LogRetention(store);
  }

  /** Takes a snapshot if one is due. */
  void runOnce() throws IOException {
    if (isDue() && !shipment.requireNewBase()) {
      take();
    }
  }

  private boolean isDue() throws IOException {
    Shipment.Need need = shipment.need();
    if (!need.isShipping()) {
      return false;
    }
    return !need.hasSnapshot()
        || need.bytes() >= Math.max(MIN_BYTES, commits.fileState().bytes())
        || need.objects() >= MAX_OBJECTS
        || (need.objects() > 0 && need.ageNanos() >= MAX_AGE.toNanos());
  }

  /** Takes a snapshot of where the database's file stands. */
  void take() throws IOException {
    Optional<CommitLog.Hold> held = commits.hold();
    if (held.isEmpty()) {
      return;
    }
    try (CommitLog.Hold hold = held.get()) {
      Shipment.Base base = shipment.base();
      LogKeys.Place place = new LogKeys.Place(base.generation(), base.sequence(), shipment.epoch());
      Manifest manifest = copy(hold, base, place);
      requireGoing(hold);
      store.put(LogKeys.manifest(place), Body.of(manifest.encode()));
      shipment.hasSnapshot(base);
      metrics.snapshots().increment();
      log.info(
          "event=log_snapshot generation={} sequence={} pages={} pieces={}",
          place.generation(),
          place.sequence(),
          manifest.pages(),
          manifest.pieces());
    }
    retention.run();
  }

  private Manifest copy(CommitLog.Hold hold, Shipment.Base base, LogKeys.Place place)
      throws IOException {
    int pageBytes = pageBytes(hold);
    long bytes = commits.fileState().bytes();
    int pages = Math.toIntExact(bytes / pageBytes);
    int perPiece = Math.max(1, PagesObject.MAX_PAGE_BYTES / pageBytes);
    Digest previous = base.digest();
    int piece = 0;
    byte[] page = new byte[pageBytes];
    for (int first = 0; first < pages; first += perPiece) {
      int count = Math.min(perPiece, pages - first);
      PagesObject.Builder builder = new PagesObject.Builder();
      for (int i = 0; i < count; i++) {
        hold.read((first + i) * (long) pageBytes, ByteBuffer.wrap(page));
        builder.add(first + i + 1, page);
      }
      requireGoing(hold);
      ByteBuffer object =
          builder.finish(
              new PagesObject.Header(
                  PagesObject.Kind.SNAPSHOT,
                  shipment.volume(),
                  place,
                  piece,
                  first + count == pages,
                  pageBytes,
                  count,
                  pages,
                  LogPlace.BEGINNING,
                  time.epochNanos(),
                  previous));
      store.put(LogKeys.piece(place, piece), Body.of(object));
      previous = PagesObject.digestOf(object);
      piece++;
    }
    return new Manifest(
        shipment.volume().toString(),
        place,
        base.digest(),
        pageBytes,
        pages,
        piece,
        previous,
        time.epochNanos());
  }

  private void requireGoing(CommitLog.Hold hold) throws IOException {
    if (shipment.isStopped()) {
      throw new IOException("stopped");
    }
    if (hold.isLost()) {
      throw new IOException("the metadata's log became too large to go on with a snapshot");
    }
  }

  /** From the database's header (sqlite.org/fileformat2.html, section 1.3.2). */
  private static int pageBytes(CommitLog.Hold hold) throws IOException {
    ByteBuffer size = ByteBuffer.allocate(2);
    hold.read(16, size);
    int bytes = size.getShort(0) & 0xffff;
    return bytes == 1 ? 65536 : bytes;
  }
}
