package io.forebay.engine.segment;

import io.forebay.engine.EngineException;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.segment.SegmentLedger.Row;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is left of DEAD segments: object, cached blocks, row, in this order, so that an end
 * at any point leaves the row to go on from. Pinned ones, and those that staging still has to do
 * with, wait. {@link SegmentLedger#dead} decides when a death is final.
 *
 * <p>Nothing is deleted before the log that dropped it is in the bucket ({@link ShippedLog}):
 * whoever recovers the volume from there must not find names of objects that are gone.
 */
public final class DeadSegments {
  private static final Logger log = LoggerFactory.getLogger(DeadSegments.class);
  private static final int PAGE = 500;

  private final SegmentLedger ledger;
  private final SegmentPins pins;
  private final Staging staging;
  private final ObjectStore store;
  private final CacheHandover handover;

  public DeadSegments(
      SegmentLedger ledger,
      SegmentPins pins,
      Staging staging,
      ObjectStore store,
      CacheHandover handover) {
    this.ledger = ledger;
    this.pins = pins;
    this.staging = staging;
    this.store = store;
    this.handover = handover;
  }

  /**
   * Goes through all DEAD segments once; stops early when the bucket fails.
   *
   * @return how many are gone
   */
  public int runOnce() {
    int gone = 0;
    long after = 0;
    while (true) {
      List<Row> page = ledger.dead(after, PAGE);
      List<SegmentId> done = page.stream().map(Row::id).filter(this::isGoneForGood).toList();
      if (!done.isEmpty() && !isShipped()) {
        return gone;
      }
      for (SegmentId id : done) {
        try {
          remove(id);
          gone++;
        } catch (StoreException e) {
          log.warn("dead segments stay for now: {}", e.toString());
          return gone;
        }
      }
      if (page.size() < PAGE || Thread.currentThread().isInterrupted()) {
        return gone;
      }
      after = page.getLast().id().value();
    }
  }

  /** In this order: without a pin nobody can commit to it, so a row still DEAD then stays so. */
  private boolean isGoneForGood(SegmentId id) {
    return !pins.isPinned(id)
        && !staging.knows(id)
        && ledger.find(id).filter(row -> row.state() == SegmentState.DEAD).isPresent();
  }

  /** Whether the deaths that were just read are in the bucket. */
  private boolean isShipped() {
    try {
      ledger.shippedLog().awaitShipped();
      return true;
    } catch (EngineException e) {
      log.warn("dead segments stay until the log that dropped them is shipped: {}", e.toString());
      return false;
    }
  }

  private void remove(SegmentId id) {
    store.delete(SegmentFormat.objectKey(id));
    handover.drop(id);
    ledger.deleted(id);
  }
}
