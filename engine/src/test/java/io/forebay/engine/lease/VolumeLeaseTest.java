package io.forebay.engine.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.object.Body;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.ManualClock;
import io.forebay.testkit.MemoryObjectStore;
import io.forebay.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways and one bucket; each has a clock of its own that nobody compares. */
@Timeout(60)
class VolumeLeaseTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DURATION = LeaseTerms.DEFAULT.duration();
  private static final GatewayIdentity ONE = new GatewayIdentity("1".repeat(32), "one", 11);
  private static final GatewayIdentity TWO = new GatewayIdentity("2".repeat(32), "two", 22);

  private final Random random = Seeds.random("VolumeLeaseTest");
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final FaultyObjectStore bucket = new FaultyObjectStore(memory);
  private final ManualClock clockOfOne = new ManualClock();
  private final ManualClock clockOfTwo = new ManualClock();
  private final AtomicLong epochOfOne = new AtomicLong();
  private final AtomicLong epochOfTwo = new AtomicLong();

  private VolumeLease one() {
    return acquire(ONE, clockOfOne, epochOfOne, true, nanos -> clockOfOne.advance(SECOND));
  }

  private VolumeLease two(LongConsumer pause) {
    return acquire(TWO, clockOfTwo, epochOfTwo, true, pause);
  }

  /** The other side waits; meanwhile the same time passes for both. */
  private VolumeLease twoAfterWaiting() {
    return two(nanos -> {
      clockOfOne.advance(SECOND);
      clockOfTwo.advance(SECOND);
    });
  }

  private VolumeLease acquire(
      GatewayIdentity who,
      ManualClock clock,
      AtomicLong lastEpoch,
      boolean answers,
      LongConsumer pause) {
    LeaseTaking taking =
        new LeaseTaking(
            bucket,
            bucket,
            who,
            LeaseTerms.DEFAULT,
            seen -> lastEpoch.updateAndGet(last -> Math.max(last, seen) + 1),
            clock,
            random,
            pause);
    return VolumeLease.acquire(bucket, answers, true, taking, LeaseTerms.DEFAULT, clock);
  }

  private static void assertFenced(VolumeLease lease) {
    assertThatThrownBy(lease::requireOwner)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED));
    assertThatThrownBy(lease::requireHeld).isInstanceOf(StoreException.class);
  }

  @Test
  void theFirstHolderOfAVolumeHasTheFirstEpoch() {
    VolumeLease lease = one();

    assertThat(lease.epoch()).isEqualTo(1);
    assertThatCode(lease::requireHeld).doesNotThrowAnyException();
    assertThatCode(lease::requireOwner).doesNotThrowAnyException();
  }

  @Test
  void aSecondGatewayIsToldWhoHoldsTheVolumeAndUntilWhen() {
    VolumeLease lease = one();

    assertThatThrownBy(() ->
            two(nanos -> {
              clockOfTwo.advance(SECOND);
              lease.renewOnce();
            }))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED))
        .hasMessageContaining(ONE.id())
        .hasMessageContaining("host one")
        .hasMessageContaining("process 11")
        .hasMessageContaining("until 2026-01-01T00:00:30Z");
    assertThatCode(lease::requireHeld).doesNotThrowAnyException();
  }

  @Test
  void aGatewayThatStoppedLeavesNothingToWaitFor() {
    one().close();

    VolumeLease lease =
        two(nanos -> {
          throw new AssertionError("waits");
        });

    assertThat(lease.epoch()).isEqualTo(2);
  }

  @Test
  void theSameDataDirectoryTakesItsLeaseOverAtOnceAfterACrash() {
    VolumeLease crashed = one();

    VolumeLease again =
        acquire(
            ONE,
            clockOfOne,
            epochOfOne,
            true,
            nanos -> {
              throw new AssertionError("waits");
            });

    assertThat(again.epoch()).isEqualTo(2);
    crashed.renewOnce();
    assertFenced(crashed);
  }

  @Test
  void aLeaseThatNobodyRenewsIsTakenAfterItsWholeDurationAndNotBefore() {
    one();
    AtomicLong waited = new AtomicLong();

    VolumeLease lease =
        two(nanos -> {
          clockOfTwo.advance(SECOND);
          waited.incrementAndGet();
        });

    assertThat(lease.epoch()).isEqualTo(2);
    assertThat(waited.get()).isEqualTo(DURATION.toSeconds());
  }

  @Test
  void theHolderHasStoppedBeforeAnybodyCanTakeOver() {
    VolumeLease paused = one();

    twoAfterWaiting();

    assertThatThrownBy(paused::requireHeld).isInstanceOf(StoreException.class);
  }

  @Test
  void aPausedGatewayThatWakesWritesNothingMore() {
    FencedObjectStore store = new FencedObjectStore(bucket, one());
    VolumeLease paused = one();
    FencedObjectStore pausedStore = new FencedObjectStore(bucket, paused);
    AtomicInteger told = new AtomicInteger();
    paused.onLoss(told::incrementAndGet);
    twoAfterWaiting();
    bucket.ledger().clear();

    // Its first act is a write of a client, before any background loop has run.
    assertFenced(paused);

    for (FencedObjectStore each : new FencedObjectStore[] {store, pausedStore}) {
      assertThatThrownBy(() -> each.put("a", Body.of(ByteBuffer.allocate(1))))
          .isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> each.delete("a")).isInstanceOf(StoreException.class);
    }
    assertThat(bucket.ledger().count(Call.PUT)).isZero();
    assertThat(bucket.ledger().count(Call.DELETE)).isZero();
    assertThat(told).hasValue(1);
    assertThat(paused.problems()).singleElement().asString().contains("host two");
    clockOfOne.advance(DURATION);
    paused.renewOnce();
    assertFenced(paused);
    assertThat(told).hasValue(1);
  }

  @Test
  void aBucketThatIsAwayForHoursEndsNothingForClientsAndEverythingForTheBucket() {
    VolumeLease lease = one();
    bucket.fail(Call.PUT_IF, Kind.DOWN, FaultyObjectStore.FOREVER);
    bucket.fail(Call.FETCH, Kind.DOWN, FaultyObjectStore.FOREVER);

    for (int i = 0; i < 1000; i++) {
      clockOfOne.advance(LeaseTerms.DEFAULT.renewal());
      lease.renewOnce();
      assertThatCode(lease::requireOwner).doesNotThrowAnyException();
    }
    assertThatThrownBy(lease::requireHeld)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DOWN));
    assertThat(lease.problems()).isNotEmpty();

    bucket.heal();
    lease.renewOnce();
    assertThatCode(lease::requireHeld).doesNotThrowAnyException();
    assertThat(lease.problems()).isEmpty();
    assertThat(lease.epoch()).isEqualTo(1);
  }

  @Test
  void aPauseDuringAnOutageIsFollowedByAQuestionBeforeAnyAnswer() {
    VolumeLease lease = one();
    bucket.fail(Call.PUT_IF, Kind.DOWN, 1);
    clockOfOne.advance(LeaseTerms.DEFAULT.renewal());
    lease.renewOnce();
    bucket.heal();
    twoAfterWaiting();

    assertFenced(lease);
  }

  @Test
  void clocksThatAreSetDoNotMatter() {
    VolumeLease lease = one();
    clockOfOne.step(Duration.ofDays(-400));
    assertThatCode(lease::requireHeld).doesNotThrowAnyException();
    clockOfOne.step(Duration.ofDays(800));
    assertThatCode(lease::requireHeld).doesNotThrowAnyException();
    lease.renewOnce();

    AtomicLong waited = new AtomicLong();
    two(nanos -> {
      clockOfTwo.step(Duration.ofDays(random.nextInt(-1000, 1000)));
      clockOfTwo.advance(SECOND);
      waited.incrementAndGet();
    });

    assertThat(waited.get()).isEqualTo(DURATION.toSeconds());
  }

  @Test
  void aRenewalWhoseAnswerIsLostIsFoundAgain() {
    VolumeLease lease = one();
    for (int i = 0; i < 20; i++) {
      clockOfOne.advance(LeaseTerms.DEFAULT.renewal());
      bucket.failAfterwards(Call.PUT_IF, Kind.AMBIGUOUS, 1);
      lease.renewOnce();
      assertThatCode(lease::requireHeld).doesNotThrowAnyException();
    }
    assertThat(lease.epoch()).isEqualTo(1);
    assertThat(lease.isLost()).isFalse();
  }

  @Test
  void aRenewalThatLandsUnseenWhileTheBucketFallsSilentIsFoundLater() {
    VolumeLease lease = one();
    bucket.failAfterwards(Call.PUT_IF, Kind.AMBIGUOUS, 1);
    bucket.fail(Call.FETCH, Kind.DOWN, 1);
    lease.renewOnce();
    assertThat(lease.isLost()).isFalse();

    clockOfOne.advance(DURATION);
    lease.renewOnce();

    assertThatCode(lease::requireHeld).doesNotThrowAnyException();
  }

  @Test
  void aLeaseObjectThatSomebodyDeletedIsWrittenAgain() {
    VolumeLease lease = one();
    memory.delete(LeaseRecord.KEY);

    lease.renewOnce();

    assertThat(memory.keys()).containsExactly(LeaseRecord.KEY);
    assertThatCode(lease::requireHeld).doesNotThrowAnyException();
  }

  @Test
  void anObjectThatIsNoLeaseIsNotTaken() {
    memory.plant(LeaseRecord.KEY, new byte[] {1, 2, 3});

    assertThatThrownBy(this::one)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThat(memory.bytes(LeaseRecord.KEY)).hasSize(3);
  }

  @Test
  void epochsNeverFallThoughTheLeaseObjectIsLost() {
    one().close();
    one().close();
    memory.delete(LeaseRecord.KEY);

    assertThat(one().epoch()).isEqualTo(3);
  }

  @Test
  void aStartWithoutABucketTakesTheLeaseWhenItIsBack() {
    one().close();
    VolumeLease lease = acquire(ONE, clockOfOne, epochOfOne, false, nanos -> {});
    assertThat(lease.hasEpoch()).isFalse();
    assertThatThrownBy(lease::epoch).isInstanceOf(EngineException.class);
    assertThatThrownBy(lease::requireHeld).isInstanceOf(StoreException.class);
    assertThatCode(lease::requireOwner).doesNotThrowAnyException();

    lease.renewOnce();

    assertThat(lease.epoch()).isEqualTo(2);
    assertThatCode(lease::requireHeld).doesNotThrowAnyException();
  }

  @Test
  void aStartWithoutABucketEndsWhenTheVolumeIsSomebodyElsesByThen() {
    VolumeLease lease = acquire(ONE, clockOfOne, epochOfOne, false, nanos -> {});
    two(nanos -> {});

    lease.renewOnce();

    assertFenced(lease);
  }

  @Test
  void aClosedLeaseLetsNothingThrough() {
    VolumeLease lease = one();
    lease.close();

    assertThatThrownBy(lease::requireHeld).isInstanceOf(StoreException.class);
    lease.renewOnce();
    assertThat(two(nanos -> {}).epoch()).isEqualTo(2);
  }

  @Test
  void neverDoTwoHoldTheVolumeWhateverPausesAndFaults() {
    @Nullable VolumeLease[] leases = {null, null};
    ManualClock[] clocks = {clockOfOne, clockOfTwo};
    bucket.chaos(random, 0.15);
    int takeovers = 0;
    for (int step = 0; step < 4000; step++) {
      Duration passes = Duration.ofMillis(random.nextInt(4000));
      clockOfOne.advance(passes);
      clockOfTwo.advance(passes);
      int who = random.nextInt(2);
      VolumeLease lease = leases[who];
      if (lease == null || lease.isLost()) {
        leases[who] = tryToTake(who, clocks);
        takeovers += leases[who] == null ? 0 : 1;
      } else if (random.nextInt(3) == 0) {
        lease.renewOnce();
      } else if (random.nextInt(200) == 0) {
        lease.close();
        leases[who] = null;
      }
      assertThat(isHeld(leases[0]) && isHeld(leases[1])).as("both in step %d", step).isFalse();
    }
    assertThat(takeovers).isGreaterThan(3);
  }

  private @Nullable VolumeLease tryToTake(int who, ManualClock[] clocks) {
    try {
      return acquire(
          who == 0 ? ONE : TWO,
          clocks[who],
          who == 0 ? epochOfOne : epochOfTwo,
          random.nextInt(4) > 0,
          nanos -> {
            clockOfOne.advance(SECOND);
            clockOfTwo.advance(SECOND);
          });
    } catch (EngineException e) {
      return null;
    }
  }

  private static boolean isHeld(@Nullable VolumeLease lease) {
    try {
      if (lease == null) {
        return false;
      }
      lease.requireHeld();
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  @Test
  void aGatewayIsKnownByItsDirectoryAndACopyOfTheDirectoryIsAnother(@TempDir Path home)
      throws Exception {
    Path original = Files.createDirectory(home.resolve("a"));
    Path copy = Files.createDirectory(home.resolve("b"));

    GatewayIdentity first = GatewayIdentity.of(original, random);
    Files.copy(original.resolve("gateway"), copy.resolve("gateway"));

    assertThat(GatewayIdentity.of(original, random).id()).isEqualTo(first.id());
    assertThat(GatewayIdentity.of(copy, random).id()).isNotEqualTo(first.id());
  }
}
