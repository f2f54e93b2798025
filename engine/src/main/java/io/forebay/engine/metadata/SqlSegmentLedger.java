package io.forebay.engine.metadata;

import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentLedger;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentState;
import io.forebay.engine.segment.ShippedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ledger of segments on the metadata store. */
final class SqlSegmentLedger implements SegmentLedger {
  private static final int PAGE = 1000;

  private final MetadataStore store;

  SqlSegmentLedger(MetadataStore store) {
    this.store = store;
  }

  @Override
  public long leaseIds(int count) {
    return store.write(
        transaction -> IdCounters.lease(transaction.sql(), IdCounters.SEGMENT, count));
  }

  @Override
  public void sealed(SegmentId id, int dataLength, PageChecksums checksums) {
    change(transaction -> {
      transaction.segments().sealed(id, dataLength, checksums);
      transaction.onCommit(() -> store.checksums().invalidate(id));
    });
  }

  @Override
  public void stored(SegmentId id) {
    change(transaction -> transaction.segments().stored(id));
  }

  @Override
  public void lost(SegmentId id) {
    change(transaction -> transaction.segments().lost(id));
  }

  @Override
  public List<Row> unstored() {
    return store.read(snapshot -> {
      List<Row> rows = new ArrayList<>();
      for (SegmentState state : List.of(SegmentState.OPEN, SegmentState.SEALED)) {
        addAll(snapshot.segments(), state, rows);
      }
      rows.sort((a, b) -> a.id().compareTo(b.id()));
      return rows;
    });
  }

  private static void addAll(Segments segments, SegmentState state, List<Row> rows) {
    long after = 0;
    while (true) {
      List<Row> page = segments.inState(state, after, PAGE);
      for (Row row : page) {
        rows.add(
            state == SegmentState.OPEN
                ? new Row(row.id(), state, segments.committedEnd(row.id()), row.liveBytes())
                : row);
        after = row.id().value();
      }
      if (page.size() < PAGE) {
        return;
      }
    }
  }

  @Override
  public Optional<Row> find(SegmentId id) {
    return store.read(snapshot ->
        snapshot
            .segments()
            .find(id)
            .map(row ->
                row.state() == SegmentState.OPEN
                    ? new Row(
                        id, row.state(), snapshot.segments().committedEnd(id), row.liveBytes())
                    : row));
  }

  @Override
  public List<SegmentRun> runs(SegmentId id) {
    return store.read(snapshot -> snapshot.segments().runs(id));
  }

  @Override
  public Optional<PageChecksums> checksums(SegmentId id) {
    return store
        .checksums()
        .get(id, key -> store.read(snapshot -> snapshot.segments().checksums(key)));
  }

  @Override
  public List<Row> dead(long after, int limit) {
    return store.read(snapshot -> snapshot.segments().inState(SegmentState.DEAD, after, limit));
  }

  @Override
  public void deleted(SegmentId id) {
    change(transaction -> {
      transaction.segments().deleteDead(id);
      transaction.onCommit(() -> store.checksums().invalidate(id));
    });
  }

  @Override
  public ShippedLog shippedLog() {
    return store.shippedLog();
  }

  private interface Change {
    void apply(Transaction transaction);
  }

  private void change(Change change) {
    store.write(transaction -> {
      change.apply(transaction);
      return true;
    });
  }
}
