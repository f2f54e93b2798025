package io.forebay.testkit;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was asked of an object store, in order. Thread-safe. */
public final class CallLedger {
  /** The methods of an object store. */
  public enum Call {
    PUT,
    PUT_IF,
    GET,
    FETCH,
    STAT,
    DELETE,
    LIST
  }

  /**
   * One request.
   *
   * @param key or prefix
   * @param offset of a ranged read, else 0
   * @param length of a body or a range, else 0
   */
  public record Request(Call call, String key, long offset, long length) {}

  private final List<Request> requests = new CopyOnWriteArrayList<>();

  void add(Request request) {
    requests.add(request);
  }

  /** All so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Those of one kind. */
  public List<Request> requests(Call call) {
    return requests.stream().filter(request -> request.call() == call).toList();
  }

  /** How many of a kind. */
  public int count(Call call) {
    return requests(call).size();
  }

  /** How many of each kind; kinds that nobody used are left out. */
  public Map<Call, Integer> counts() {
    Map<Call, Integer> counts = new EnumMap<>(Call.class);
    requests.forEach(request -> counts.merge(request.call(), 1, Integer::sum));
    return counts;
  }

  /** Begins anew. */
  public void clear() {
    requests.clear();
  }
}
