package io.forebay.nfs.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.op.NfsStatus;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8881 sections 9.1 to 9.5 and 18.10 to 18.12. */
class ByteRangeLocksTest {
  private final ByteRangeLocks<String> locks = new ByteRangeLocks<>();

  @Test
  void readersShareAndAWriterIsAlone() {
    locks.lock("a", LockRange.of(0, 10), LockType.READ);
    assertThat(locks.test("b", LockRange.of(5, 1), LockType.READ)).isEmpty();
    locks.lock("b", LockRange.of(5, 10), LockType.READ);

    assertThat(locks.test("c", LockRange.of(9, 1), LockType.WRITE)).isPresent();
    assertThat(locks.test("c", LockRange.of(15, 1), LockType.WRITE)).isEmpty();
    assertThat(locks.test("a", LockRange.of(0, 5), LockType.WRITE)).isEmpty();
    assertThat(locks.test("a", LockRange.of(0, 6), LockType.WRITE))
        .contains(new ByteRangeLocks.Conflict<>("b", LockRange.of(5, 10), LockType.READ));
  }

  @Test
  void unlockingTheMiddleLeavesBothEnds() {
    locks.lock("a", LockRange.of(0, 100), LockType.WRITE);
    assertThat(locks.splits("a", LockRange.of(40, 20))).isTrue();
    locks.unlock("a", LockRange.of(40, 20));

    assertThat(locks.size("a")).isEqualTo(2);
    assertThat(locks.test("b", LockRange.of(40, 20), LockType.WRITE)).isEmpty();
    assertThat(locks.test("b", LockRange.of(39, 1), LockType.READ)).isPresent();
    assertThat(locks.test("b", LockRange.of(60, 1), LockType.READ)).isPresent();
  }

  @Test
  void adjacentLocksOfOneKindAreOne() {
    locks.lock("a", LockRange.of(0, 10), LockType.READ);
    locks.lock("a", LockRange.of(20, 10), LockType.READ);
    locks.lock("a", LockRange.of(10, 10), LockType.READ);

    assertThat(locks.size("a")).isEqualTo(1);
    assertThat(locks.test("b", LockRange.of(0, 1), LockType.WRITE).orElseThrow().range())
        .isEqualTo(LockRange.of(0, 30));
  }

  @Test
  void aDowngradeInTheMiddleMakesThreeOfOne() {
    locks.lock("a", LockRange.of(0, 30), LockType.WRITE);
    locks.lock("a", LockRange.of(10, 10), LockType.READ);

    assertThat(locks.size("a")).isEqualTo(3);
    assertThat(locks.test("b", LockRange.of(10, 10), LockType.READ)).isEmpty();
    assertThat(locks.test("b", LockRange.of(10, 11), LockType.READ)).isPresent();
    locks.lock("a", LockRange.of(5, 20), LockType.WRITE);
    assertThat(locks.size("a")).isEqualTo(1);
  }

  @Test
  void aLockToTheEndReachesTheLastByteThereIs() {
    locks.lock("a", LockRange.of(1L << 62, -1), LockType.WRITE);

    assertThat(locks.test("b", LockRange.of(-2L, 1), LockType.READ).orElseThrow().range().length())
        .isEqualTo(-1);
    assertThat(locks.test("b", LockRange.of(0, 1L << 62), LockType.WRITE)).isEmpty();
    locks.unlock("a", LockRange.of(-1L, -1));
    assertThat(locks.test("b", LockRange.of(-1L, -1), LockType.READ)).isEmpty();
    assertThat(locks.test("b", LockRange.of(Long.MIN_VALUE, 1), LockType.READ)).isPresent();
  }

  @Test
  void rangesWithoutBytesAndBeyondTheLastByteAreRefused() {
    for (long[] bad : new long[][] {{0, 0}, {5, 0}, {2, -2L}, {-1L, 1}, {-1L, 2}}) {
      assertThatThrownBy(() -> LockRange.of(bad[0], bad[1]))
          .isInstanceOfSatisfying(
              NfsException.class, e -> assertThat(e.status()).isEqualTo(NfsStatus.INVAL));
    }
    assertThat(LockRange.of(1, -2L)).isEqualTo(new LockRange(1, -2L));
    assertThat(LockRange.of(-1L, -1)).isEqualTo(new LockRange(-1L, -1L));
  }

  @Test
  void anOwnerLetsGoOfEverythingAtOnce() {
    locks.lock("a", LockRange.of(0, 1), LockType.WRITE);
    locks.lock("a", LockRange.of(2, 1), LockType.WRITE);
    locks.lock("b", LockRange.of(4, 1), LockType.WRITE);
    locks.release("a");

    assertThat(locks.size()).isEqualTo(1);
    assertThat(locks.test("c", LockRange.of(0, 4), LockType.WRITE)).isEmpty();
  }

  /**
   * Against a model that knows of each byte who locks it. The bytes lie at the beginning, around
   * the signed limit and at the end of the range, where comparisons go wrong.
   */
  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 20, -40})
  void behavesLikeOneLockForEachByte(long base) {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      ByteRangeLocks<Integer> real = new ByteRangeLocks<>();
      ByteModel model = new ByteModel();
      for (int step = 0; step < 200; step++) {
        String place = "base " + base + " seed " + seed + " step " + step;
        int owner = random.nextInt(ByteModel.OWNERS);
        int first = random.nextInt(ByteModel.BYTES);
        int length = 1 + random.nextInt(ByteModel.BYTES - first);
        LockRange range = new LockRange(base + first, base + first + length - 1);
        LockType type = random.nextBoolean() ? LockType.READ : LockType.WRITE;
        if (random.nextInt(3) == 0) {
          real.unlock(owner, range);
          model.set(owner, first, length, null);
        } else {
          Optional<ByteRangeLocks.Conflict<Integer>> conflict = real.test(owner, range, type);
          assertThat(conflict.isEmpty())
              .as(place)
              .isEqualTo(model.free(owner, first, length, type));
          conflict.ifPresent(c -> model.checkConflict(c, base, place));
          if (conflict.isEmpty()) {
            real.lock(owner, range, type);
            model.set(owner, first, length, type);
          }
        }
        for (int each = 0; each < ByteModel.OWNERS; each++) {
          assertThat(real.size(each)).as(place).isEqualTo(model.runs(each));
        }
        assertThat(real.size()).as(place).isEqualTo(model.allRuns());
      }
    }
  }

  /** Who locks which byte, written down one by one. */
  private static final class ByteModel {
    static final int OWNERS = 3;
    static final int BYTES = 40;

    private final @Nullable LockType[][] held = new LockType[OWNERS][BYTES];

    void set(int owner, int first, int length, @Nullable LockType type) {
      Arrays.fill(held[owner], first, first + length, type);
    }

    boolean free(int owner, int first, int length, LockType type) {
      for (int other = 0; other < OWNERS; other++) {
        for (int i = first; other != owner && i < first + length; i++) {
          LockType there = held[other][i];
          if (there != null && (type == LockType.WRITE || there == LockType.WRITE)) {
            return false;
          }
        }
      }
      return true;
    }

    void checkConflict(ByteRangeLocks.Conflict<Integer> conflict, long base, String place) {
      int first = (int) (conflict.range().first() - base);
      int last = (int) (conflict.range().last() - base);
      for (int i = first; i <= last; i++) {
        assertThat(held[conflict.owner()][i]).as(place).isEqualTo(conflict.type());
      }
    }

    int runs(int owner) {
      int runs = 0;
      for (int i = 0; i < BYTES; i++) {
        LockType here = held[owner][i];
        if (here != null && (i == 0 || held[owner][i - 1] != here)) {
          runs++;
        }
      }
      return runs;
    }

    int allRuns() {
      int all = 0;
      for (int owner = 0; owner < OWNERS; owner++) {
        all += runs(owner);
      }
      return all;
    }
  }
}
