package io.forebay.engine.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.ManualClock;
import io.forebay.testkit.MemoryObjectStore;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which failures are tried again, until when, and what becomes of answers that got lost. */
@Timeout(30)
class RetryingObjectStoreTest {
  private static final RetryPolicy POLICY =
      new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(20));

  private final ManualClock clock = new ManualClock();
  private final MemoryObjectStore bucket = new MemoryObjectStore();
  private final FaultyObjectStore faulty = new FaultyObjectStore(bucket);

  /** Waits not at all: the drawn delay is always the least. */
  private final RetryingObjectStore store =
      new RetryingObjectStore(faulty, POLICY, clock, drawing(0));

  private static RandomGenerator drawing(long value) {
    return new Random() {
      private static final long serialVersionUID = 1L;

      @Override
      public long nextLong(long bound) {
        return Math.min(value, bound - 1);
      }
    };
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @ParameterizedTest
  @EnumSource(names = {"THROTTLED", "AMBIGUOUS", "DOWN"})
  void whatMaySucceedLaterIsTriedAgain(Kind kind) {
    bucket.plant("a", new byte[] {1, 2, 3});
    for (Call call : new Call[] {Call.PUT, Call.GET, Call.FETCH, Call.STAT, Call.LIST}) {
      faulty.fail(call, kind, 5);
    }
    store.put("b", Body.of(bytes("hello")));
    ByteBuffer target = ByteBuffer.allocate(5).position(1).limit(3);
    store.get("a", 1, target);
    assertThat(target.array()).containsExactly(0, 2, 3, 0, 0);
    assertThat(store.fetch("a", 3).bytes().remaining()).isEqualTo(3);
    assertThat(store.stat("a")).isPresent();
    assertThat(store.list("", "", 10).objects()).hasSize(2);
    faulty.fail(Call.DELETE, kind, 5);
    store.delete("a");
    assertThat(bucket.keys()).containsExactly("b");
    assertThat(faulty.ledger().count(Call.PUT)).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource(names = {"MISSING", "CONFLICT", "CORRUPT", "REFUSED"})
  void whatIsFinalIsNotTriedAgain(Kind kind) {
    for (Call call : Call.values()) {
      faulty.fail(call, kind, FaultyObjectStore.FOREVER);
    }
    assertFails(kind, () -> store.put("a", Body.of(bytes("x"))));
    assertFails(kind, () -> store.putIf("a", bytes("x"), Optional.empty()));
    assertFails(kind, () -> store.get("a", 0, ByteBuffer.allocate(1)));
    assertFails(kind, () -> store.fetch("a", 1));
    assertFails(kind, () -> store.stat("a"));
    assertFails(kind, () -> store.delete("a"));
    assertFails(kind, () -> store.list("", "", 1));
    assertThat(faulty.ledger().requests()).hasSize(7);
  }

  @Test
  void theDeadlineIsKeptInTheStoresTime() {
    // Each attempt takes three seconds: 0, 3, ..., 18 begin before the deadline of 20.
    faulty.before(Call.GET, () -> clock.advance(Duration.ofSeconds(3)), FaultyObjectStore.FOREVER);
    faulty.fail(Call.GET, Kind.DOWN, FaultyObjectStore.FOREVER);
    assertFails(Kind.DOWN, () -> store.get("a", 0, ByteBuffer.allocate(1)));
    assertThat(faulty.ledger().count(Call.GET)).isEqualTo(7);
  }

  @Test
  void aDelayThatWouldEndAfterTheDeadlineIsNotWaitedFor() {
    RetryingObjectStore slow =
        new RetryingObjectStore(faulty, POLICY, clock, drawing(Long.MAX_VALUE));
    faulty.before(Call.GET, () -> clock.advance(Duration.ofSeconds(19)), 1);
    faulty.fail(Call.GET, Kind.DOWN, FaultyObjectStore.FOREVER);
    assertFails(Kind.DOWN, () -> slow.get("a", 0, ByteBuffer.allocate(1)));
    assertThat(faulty.ledger().count(Call.GET)).isEqualTo(1);
  }

  @Test
  void delaysDoubleUpToTheMostAndAreSpreadOut() {
    Random random = Seeds.random("delaysDoubleUpToTheMostAndAreSpreadOut");
    long[] most = new long[10];
    for (int failures = 1; failures < most.length; failures++) {
      for (int i = 0; i < 2000; i++) {
        long delay = POLICY.delayNanos(failures, random);
        assertThat(delay).isNotNegative();
        most[failures] = Math.max(most[failures], delay);
      }
      long ceiling = Math.min(5_000_000_000L, 1_000_000_000L << (failures - 1));
      assertThat(most[failures]).isBetween(ceiling * 9 / 10, ceiling);
    }
    assertThat(POLICY.delayNanos(Integer.MAX_VALUE, drawing(Long.MAX_VALUE)))
        .isEqualTo(5_000_000_000L);
    RetryPolicy endless =
        new RetryPolicy(
            Duration.ofDays(10_000), Duration.ofDays(100_000), Duration.ofDays(100_000));
    assertThat(endless.delayNanos(40, drawing(Long.MAX_VALUE))).isPositive();
  }

  @Test
  void anInterruptionEndsTheWaiting() throws Exception {
    RetryPolicy patient =
        new RetryPolicy(Duration.ofHours(1), Duration.ofHours(1), Duration.ofDays(1));
    RetryingObjectStore waiting =
        new RetryingObjectStore(faulty, patient, TimeSource.system(), drawing(Long.MAX_VALUE));
    FaultyObjectStore.Gate gate = faulty.hold(Call.GET, 1);
    faulty.fail(Call.GET, Kind.DOWN, FaultyObjectStore.FOREVER);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        Thread.startVirtualThread(() -> {
          try {
            waiting.get("a", 0, ByteBuffer.allocate(1));
          } catch (StoreException e) {
            interrupted.complete(Thread.currentThread().isInterrupted());
          }
        });
    gate.awaitArrivals(1);
    gate.open();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
  }

  // --- conditional puts whose answer was lost

  @Test
  void aConditionalPutThatLandedIsASuccessThoughItsAnswerWasLost() {
    faulty.failAfterwards(Call.PUT_IF, Kind.AMBIGUOUS, 1);
    String version = store.putIf("lease", bytes("mine"), Optional.empty());
    assertThat(bucket.fetch("lease", 10).version()).isEqualTo(version);
    assertThat(faulty.ledger().count(Call.PUT_IF)).isEqualTo(1);

    faulty.failAfterwards(Call.PUT_IF, Kind.AMBIGUOUS, 1);
    String next = store.putIf("lease", bytes("mine, renewed"), Optional.of(version));
    assertThat(bucket.fetch("lease", 20).version()).isEqualTo(next);
  }

  @Test
  void aConditionalPutThatDidNotLandIsDoneAgain() {
    faulty.fail(Call.PUT_IF, Kind.AMBIGUOUS, 1);
    store.putIf("lease", bytes("mine"), Optional.empty());
    assertThat(bucket.fetch("lease", 10).bytes()).isEqualTo(bytes("mine"));
    assertThat(faulty.ledger().count(Call.PUT_IF)).isEqualTo(2);
  }

  @Test
  void aConditionalPutThatSomebodyElseOvertookConflicts() {
    faulty.before(
        Call.FETCH, () -> bucket.plant("lease", "theirs".getBytes(StandardCharsets.US_ASCII)), 1);
    faulty.fail(Call.PUT_IF, Kind.AMBIGUOUS, 1);
    assertFails(Kind.CONFLICT, () -> store.putIf("lease", bytes("mine"), Optional.empty()));
    assertThat(bucket.fetch("lease", 10).bytes()).isEqualTo(bytes("theirs"));
  }

  @Test
  void aConditionalPutThatLandsLateIsRecognised() {
    // The first attempt is on its way still when we look, and arrives before the second.
    FaultyObjectStore late = new FaultyObjectStore(bucket);
    late.fail(Call.PUT_IF, Kind.AMBIGUOUS, 1);
    late.before(Call.PUT_IF, () -> bucket.putIf("lease", bytes("mine"), Optional.empty()), 1);
    RetryingObjectStore retrying = new RetryingObjectStore(late, POLICY, clock, drawing(0));
    String version = retrying.putIf("lease", bytes("mine"), Optional.empty());
    assertThat(bucket.fetch("lease", 10).version()).isEqualTo(version);
  }

  @Test
  void aFailureWhileLookingIsTriedAgainToo() {
    faulty.failAfterwards(Call.PUT_IF, Kind.AMBIGUOUS, 1);
    faulty.fail(Call.FETCH, Kind.DOWN, 3);
    store.putIf("lease", bytes("mine"), Optional.empty());
    assertThat(faulty.ledger().count(Call.PUT_IF)).isEqualTo(1);
    assertThat(faulty.ledger().count(Call.FETCH)).isEqualTo(4);
  }

  /** Two leaseholders, every kind of failure: never do both believe that they hold it. */
  @Test
  void underAnyFailureAVersionHasOneSuccessor() {
    Random random = Seeds.random("underAnyFailureAVersionHasOneSuccessor");
    for (int round = 0; round < 300; round++) {
      String key = "lease-" + round;
      Optional<String> base = Optional.of(bucket.putIf(key, bytes("base"), Optional.empty()));
      int winners = 0;
      for (String who : new String[] {"one", "two", "three"}) {
        FaultyObjectStore chaotic = new FaultyObjectStore(bucket);
        chaotic.chaos(random, 0.5);
        RetryingObjectStore retrying =
            new RetryingObjectStore(
                chaotic,
                new RetryPolicy(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofHours(1)),
                clock,
                drawing(0));
        try {
          retrying.putIf(key, bytes(who), base);
          winners++;
        } catch (StoreException e) {
          assertThat(e.kind()).isEqualTo(Kind.CONFLICT);
        }
      }
      assertThat(winners).isEqualTo(1);
    }
  }
}
