package io.forebay.nfs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.Invariant.BrokenInvariantException;
import io.forebay.nfs.server.RequestMemory.Outcome;
import io.forebay.testkit.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
  private final RequestMemory memory = new RequestMemory(100);
  private final List<String> granted = new ArrayList<>();

  private Outcome reserve(int bytes, String name) {
    return memory.reserve(bytes, () -> granted.add(name));
  }

  @Test
  void whatFitsIsGivenAtOnce() {
    assertThat(reserve(60, "a")).isInstanceOf(Outcome.Now.class);
    assertThat(reserve(40, "b")).isInstanceOf(Outcome.Now.class);
    assertThat(memory.used()).isEqualTo(100);
    assertThat(granted).as("nobody waited").isEmpty();
  }

  @Test
  void whoWaitsIsServedInOrder() {
    assertThat(reserve(80, "a")).isInstanceOf(Outcome.Now.class);
    assertThat(reserve(50, "b")).isInstanceOf(Outcome.Later.class);
    assertThat(reserve(10, "c")).as("not past b").isInstanceOf(Outcome.Later.class);
    memory.release(20);
    assertThat(granted).isEmpty();
    memory.release(60);
    assertThat(granted).containsExactly("b", "c");
    assertThat(memory.used()).isEqualTo(60);
  }

  @Test
  void whoGivesUpIsNotServedAndNotInTheWay() {
    assertThat(reserve(80, "a")).isInstanceOf(Outcome.Now.class);
    Outcome.Later wide = (Outcome.Later) reserve(90, "b");
    Outcome.Later narrow = (Outcome.Later) reserve(10, "c");
    assertThat(memory.cancel(wide.claim())).isTrue();
    assertThat(granted).containsExactly("c");
    assertThat(memory.cancel(narrow.claim())).as("served already").isFalse();
    assertThat(memory.used()).isEqualTo(90);
  }

  @Test
  void moreThanThereIsIsADefect() {
    assertThatThrownBy(() -> reserve(101, "a")).isInstanceOf(BrokenInvariantException.class);
    assertThatThrownBy(() -> memory.release(1)).isInstanceOf(BrokenInvariantException.class);
  }

  @Test
  void nothingIsLostAndNobodyIsForgotten() {
    Random random = Seeds.random("RequestMemoryTest.nothingIsLostAndNobodyIsForgotten");
    Queue<Integer> held = new ArrayDeque<>();
    for (int i = 0; i < 10_000; i++) {
      if (random.nextInt(5) < 3 || held.isEmpty()) {
        int bytes = random.nextInt(1, 101);
        if (memory.reserve(bytes, () -> held.add(bytes)) instanceof Outcome.Now) {
          held.add(bytes);
        }
      } else {
        memory.release(held.remove());
      }
      assertThat(memory.used())
          .isEqualTo(held.stream().mapToInt(Integer::intValue).sum())
          .isLessThanOrEqualTo(100);
    }
    while (!held.isEmpty()) {
      memory.release(held.remove());
    }
    assertThat(memory.used()).as("everybody was served in the end").isZero();
  }
}
