package io.forebay.engine.segment;

import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.segment.SegmentLedger.Row;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is left of DEAD segments: object, cached blocks, row, in this order, so that an end
 * at any point leaves the row to go on from. Pinned ones, and those that staging still has to do
 * with, wait. {@link SegmentLedger#dead} decides when a death is final.
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
      for (Row row : page) {
        after = row.id().value();
        try {
          if (remove(row.id())) {
            gone++;
          }
        } catch (StoreException e) {
          log.warn("dead segments stay for now: {}", e.toString());
          return gone;
        }
      }
      if (page.size() < PAGE || Thread.currentThread().isInterrupted()) {
        return gone;
      }
    }
  }

  private boolean remove(SegmentId id) {
    // In this order: without a pin nobody can commit to it any more, so a row that is still DEAD
    // then stays so.
    if (pins.isPinned(id) || staging.knows(id)) {
      return false;
    }
    Optional<SegmentState> state = ledger.find(id).map(Row::state);
    if (!state.equals(Optional.of(SegmentState.DEAD))) {
      return false;
    }
    store.delete(SegmentFormat.objectKey(id));
    handover.drop(id);
    ledger.deleted(id);
    return true;
  }
}
