package io.forebay.engine.lease;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Takes a volume's lease, with an epoch above all before it: at once when it is free, was released,
 * or is this gateway's own of an earlier run; from another gateway only after having seen it not
 * change for its whole duration.
 */
final class LeaseTaking {
  /** Pause between two looks at somebody else's lease. */
  private static final long LOOK_NANOS = 500_000_000L;

  /**
   * The lease as somebody wrote it.
   *
   * @param version of the object
   */
  record Seen(LeaseRecord record, String version) {}

  /**
   * The lease as this gateway wrote it.
   *
   * @param sinceNanos when the attempt began, monotonic
   */
  record Taken(LeaseRecord record, String version, long sinceNanos) {}

  private final ObjectStore store;
  private final ObjectStore patient;
  private final GatewayIdentity identity;
  private final String session;
  private final LeaseTerms terms;
  private final LongUnaryOperator epochAfter;
  private final TimeSource time;
  private final LongConsumer pause;

  /**
   * @param store one attempt a call
   * @param patient the same store, with retries
   * @param epochAfter gives, for the largest epoch in the bucket, one that is larger and above all
   *     this volume's metadata knows of, durably noted before it is returned
   * @param pause waits about that many nanoseconds
   */
  LeaseTaking(
      ObjectStore store,
      ObjectStore patient,
      GatewayIdentity identity,
      LeaseTerms terms,
      LongUnaryOperator epochAfter,
      TimeSource time,
      RandomGenerator random,
      LongConsumer pause) {
    this.store = store;
    this.patient = patient;
    this.identity = identity;
    this.session = Long.toHexString(random.nextLong());
    this.terms = terms;
    this.epochAfter = epochAfter;
    this.time = time;
    this.pause = pause;
  }

  /** What is there now; bounded. */
  Optional<Seen> look() {
    return Bounded.call(terms.patience(), () -> look(store));
  }

  private static Optional<Seen> look(ObjectStore from) {
    try {
      ObjectStore.Fetched found = from.fetch(LeaseRecord.KEY, LeaseRecord.MAX_BYTES);
      return Optional.of(new Seen(LeaseRecord.decode(found.bytes()), found.version()));
    } catch (StoreException e) {
      if (e.kind() == Kind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Takes it, waiting for another's to run out.
   *
   * @throws EngineException {@link ErrorCode#FENCED} when another gateway renews it, or was faster
   */
  Taken take() {
    Optional<Seen> first = look(patient);
    if (first.filter(this::isForeign).isEmpty()) {
      return write(first, patient::putIf);
    }
    long waitNanos =
        Math.max(terms.duration().toNanos(), first.get().record().duration().toNanos());
    long begun = time.monotonicNanos();
    while (time.monotonicNanos() - begun < waitNanos) {
      pause.accept(LOOK_NANOS);
      Optional<Seen> now = look(patient);
      if (now.filter(this::isForeign).isEmpty()) {
        return write(now, patient::putIf);
      }
      if (!now.map(Seen::version).equals(first.map(Seen::version))) {
        throw heldBy(now.get());
      }
    }
    return write(first, patient::putIf);
  }

  /**
   * Takes it if that needs no waiting; bounded, one attempt.
   *
   * @throws EngineException {@link ErrorCode#FENCED} when another gateway has it
   */
  Taken takeOnce() {
    Optional<Seen> now = look();
    if (now.filter(this::isForeign).isPresent()) {
      throw heldBy(now.get());
    }
    return write(
        now,
        (key, body, expected) ->
            Bounded.call(terms.patience(), () -> store.putIf(key, body, expected)));
  }

  private interface ConditionalPut {
    String putIf(String key, ByteBuffer body, Optional<String> expected);
  }

  private boolean isForeign(Seen seen) {
    return !seen.record().released() && !seen.record().gateway().equals(identity.id());
  }

  private Taken write(Optional<Seen> before, ConditionalPut put) {
    long epoch = epochAfter.applyAsLong(before.map(seen -> seen.record().epoch()).orElse(0L));
    long begun = time.monotonicNanos();
    LeaseRecord mine =
        new LeaseRecord(
            epoch,
            identity.id(),
            session,
            0,
            identity.host(),
            identity.pid(),
            time.epochNanos(),
            terms.duration(),
            false);
    try {
      String version = put.putIf(LeaseRecord.KEY, mine.encode(), before.map(Seen::version));
      return new Taken(mine, version, begun);
    } catch (StoreException e) {
      if (e.kind() == Kind.CONFLICT) {
        throw look()
            .map(LeaseTaking::heldBy)
            .orElseGet(() -> new EngineException(ErrorCode.FENCED, "the lease is in dispute"));
      }
      throw e;
    }
  }

  private static EngineException heldBy(Seen seen) {
    return new EngineException(ErrorCode.FENCED, seen.record().holder());
  }
}
