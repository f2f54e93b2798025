package io.forebay.gateway.admin;

import java.util.List;
import java.util.function.Supplier;

/** Whether requests are served right now. Thread-safe: one writer at a time, any reader. */
public final class Readiness {
  private record State(String phase, boolean isReady, Supplier<List<String>> problems) {}

  /** Published whole; read by the threads of the admin port. */
  private volatile State state = new State("starting", false, List::of);

  /**
   * From now on both frontends serve.
   *
   * @param problems what is wrong while they do; must not block
   */
  public void serving(Supplier<List<String>> problems) {
    state = new State("serving", true, problems);
  }

  /** From now on no new request should come. */
  public void stopping() {
    state = new State("stopping", false, List::of);
  }

  public boolean isReady() {
    return state.isReady();
  }

  /** The phase, then a line for each problem. */
  String report() {
    State now = state;
    StringBuilder text = new StringBuilder(now.phase()).append('\n');
    for (String problem : now.problems().get()) {
      text.append("problem: ").append(problem.replaceAll("[\\r\\n]+", " | ")).append('\n');
    }
    return text.toString();
  }
}
