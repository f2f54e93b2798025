package io.forebay.testkit;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentLedger;
import io.forebay.engine.segment.SegmentRun;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A ledger whose database fails when told to, or when the machine is off. Thread-safe. */
public final class FaultyLedger implements SegmentLedger {
  /** The methods of a ledger. */
  public enum Call {
    LEASE_IDS,
    SEALED,
    STORED,
    LOST,
    UNSTORED,
    FIND,
    RUNS,
    CHECKSUMS,
    DEAD,
    DELETED
  }

  private final SegmentLedger inner;
  private final BooleanSupplier isOff;
  private final Map<Call, Integer> failures = new EnumMap<>(Call.class);

  /**
   * @param isOff whether the machine has no power
   */
  public FaultyLedger(SegmentLedger inner, BooleanSupplier isOff) {
    this.inner = inner;
    this.isOff = isOff;
  }

  /** The next calls fail, without effect, as on a full disk. */
  public synchronized void fail(Call call, int times) {
    failures.put(call, times);
  }

  /** How many failures are still to come. */
  public synchronized int failuresLeft(Call call) {
    return failures.getOrDefault(call, 0);
  }

  private synchronized void before(Call call) {
    if (isOff.getAsBoolean()) {
      throw new EngineException(ErrorCode.IO, "the power is off");
    }
    int left = failures.getOrDefault(call, 0);
    if (left > 0) {
      failures.put(call, left - 1);
      throw new EngineException(ErrorCode.NO_SPACE, "made to fail: " + call);
    }
  }

  @Override
  public long leaseIds(int count) {
    before(Call.LEASE_IDS);
    return inner.leaseIds(count);
  }

  @Override
  public void sealed(SegmentId id, int dataLength, PageChecksums checksums) {
    before(Call.SEALED);
    inner.sealed(id, dataLength, checksums);
  }

  @Override
  public void stored(SegmentId id) {
    before(Call.STORED);
    inner.stored(id);
  }

  @Override
  public void lost(SegmentId id) {
    before(Call.LOST);
    inner.lost(id);
  }

  @Override
  public List<Row> unstored() {
    before(Call.UNSTORED);
    return inner.unstored();
  }

  @Override
  public Optional<Row> find(SegmentId id) {
    before(Call.FIND);
    return inner.find(id);
  }

  @Override
  public List<SegmentRun> runs(SegmentId id) {
    before(Call.RUNS);
    return inner.runs(id);
  }

  @Override
  public Optional<PageChecksums> checksums(SegmentId id) {
    before(Call.CHECKSUMS);
    return inner.checksums(id);
  }

  @Override
  public List<Row> dead(long after, int limit) {
    before(Call.DEAD);
    return inner.dead(after, limit);
  }

  @Override
  public void deleted(SegmentId id) {
    before(Call.DELETED);
    inner.deleted(id);
  }
}
