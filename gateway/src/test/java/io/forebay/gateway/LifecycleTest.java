package io.forebay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  @Test
  void partsCloseInReverseOnceAndOneThatFailsDoesNotKeepTheOthers() {
    List<String> closed = new ArrayList<>();
    Lifecycle parts = new Lifecycle();
    AutoCloseable first = parts.add("first", () -> closed.add("first"));
    AutoCloseable second =
        parts.add(
            "second",
            () -> {
              closed.add("second");
              throw new IllegalStateException("on purpose");
            });
    AutoCloseable third = parts.add("third", () -> closed.add("third"));

    parts.close();
    parts.close();

    assertThat(closed).containsExactly("third", "second", "first");
    assertThat(List.of(first, second, third)).doesNotContainNull();
  }
}
