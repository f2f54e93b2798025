package io.forebay.testkit;

import io.forebay.engine.object.Body;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.CallLedger.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A bucket that fails as buckets do, when told to: by a script, each fault for a number of
 * requests, or by chance. Counts every request that reaches it. Thread-safe.
 */
public final class FaultyObjectStore implements ObjectStore {
  /** For faults that do not end by themselves. */
  public static final int FOREVER = Integer.MAX_VALUE;

  private final ObjectStore inner;
  private final CallLedger ledger = new CallLedger();
  private final List<Rule> rules = new ArrayList<>();
  private @Nullable RandomGenerator chance;
  private double probability;

  /**
   * @param inner closed with this
   */
  public FaultyObjectStore(ObjectStore inner) {
    this.inner = inner;
  }

  /** What goes wrong. */
  private sealed interface Effect {}

  private record Fail(Kind kind) implements Effect {}

  private record FailAfterwards(Kind kind) implements Effect {}

  private record Corrupt() implements Effect {}

  private record Truncate() implements Effect {}

  private record Act(Runnable action) implements Effect {}

  private static final class Rule {
    private final Call call;
    private final Effect effect;
    private int left;

    Rule(Call call, Effect effect, int times) {
      this.call = call;
      this.effect = effect;
      this.left = times;
    }
  }

  /** Holds requests back until it is opened. */
  public static final class Gate {
    private final Semaphore arrived = new Semaphore(0);
    private final CountDownLatch open = new CountDownLatch(1);

    /** Returns when that many requests wait, or have waited, at the gate. */
    public void awaitArrivals(int count) {
      try {
        if (!arrived.tryAcquire(count, 10, TimeUnit.SECONDS)) {
          throw new AssertionError("no request arrived");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    public void open() {
      open.countDown();
    }

    private void pass() {
      arrived.release();
      try {
        if (!open.await(30, TimeUnit.SECONDS)) {
          throw new AssertionError("nobody opened the gate");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreException(Kind.DOWN, "interrupted", e);
      }
    }
  }

  // --- the script

  /** The next requests fail without taking effect. */
  public void fail(Call call, Kind kind, int times) {
    add(call, new Fail(kind), times);
  }

  /** The next requests take effect, and the answer is lost. */
  public void failAfterwards(Call call, Kind kind, int times) {
    add(call, new FailAfterwards(kind), times);
  }

  /** The next requests for bytes get some wrong ones. */
  public void corrupt(Call call, int times) {
    add(call, new Corrupt(), times);
  }

  /** The next requests for bytes end early; as the contract says, with an error. */
  public void truncate(Call call, int times) {
    add(call, new Truncate(), times);
  }

  /** The next requests wait. */
  public Gate hold(Call call, int times) {
    Gate gate = new Gate();
    before(call, gate::pass, times);
    return gate;
  }

  /** Something happens before each of the next requests goes on, for instance time passes. */
  public void before(Call call, Runnable action, int times) {
    add(call, new Act(action), times);
  }

  /** Any request may fail, lose its answer, or bring wrong bytes. */
  public synchronized void chaos(RandomGenerator random, double howOften) {
    chance = random;
    probability = howOften;
  }

  /** Forgets all faults. */
  public synchronized void heal() {
    rules.clear();
    chance = null;
  }

  public CallLedger ledger() {
    return ledger;
  }

  private synchronized void add(Call call, Effect effect, int times) {
    rules.add(new Rule(call, effect, times));
  }

  private synchronized List<Effect> effectsOn(Call call) {
    List<Effect> effects = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.call == call && rule.left > 0) {
        rule.left -= rule.left == FOREVER ? 0 : 1;
        effects.add(rule.effect);
        if (!(rule.effect instanceof Act)) {
          return effects;
        }
      }
    }
    RandomGenerator random = chance;
    if (random != null && random.nextDouble() < probability) {
      effects.add(
          switch (random.nextInt(5)) {
            case 0 -> new Fail(Kind.DOWN);
            case 1 -> new Fail(Kind.THROTTLED);
            case 2 -> new FailAfterwards(changes(call) ? Kind.AMBIGUOUS : Kind.DOWN);
            case 3 -> call == Call.GET ? new Corrupt() : new Fail(Kind.DOWN);
            default -> call == Call.GET ? new Truncate() : new Fail(Kind.THROTTLED);
          });
    }
    return effects;
  }

  private static boolean changes(Call call) {
    return call == Call.PUT || call == Call.PUT_IF || call == Call.DELETE;
  }

  private <T> T perform(Request request, @Nullable ByteBuffer target, Supplier<T> operation) {
    ledger.add(request);
    int start = target == null ? 0 : target.position();
    Effect last = null;
    for (Effect effect : effectsOn(request.call())) {
      last = effect;
      if (effect instanceof Act act) {
        act.action().run();
      } else if (effect instanceof Fail fail) {
        throw new StoreException(fail.kind(), "made to fail: " + request);
      }
    }
    T result = operation.get();
    if (last instanceof FailAfterwards lost) {
      throw new StoreException(lost.kind(), "the answer was made to get lost: " + request);
    }
    if (last instanceof Truncate) {
      if (target != null) {
        target.position(start + (target.limit() - start) / 2);
      }
      throw new StoreException(Kind.CORRUPT, "the answer was made to end early: " + request);
    }
    if (last instanceof Corrupt && target != null && target.position() > start) {
      int at = start + (target.position() - start) / 2;
      target.put(at, (byte) (target.get(at) ^ 0x40));
    }
    return result;
  }

  // --- ObjectStore

  @Override
  public String put(String key, Body body) {
    return perform(new Request(Call.PUT, key, 0, body.length()), null, () -> inner.put(key, body));
  }

  @Override
  public String putIf(String key, ByteBuffer body, Optional<String> expected) {
    return perform(
        new Request(Call.PUT_IF, key, 0, body.remaining()),
        null,
        () -> inner.putIf(key, body, expected));
  }

  @Override
  public void get(String key, long offset, ByteBuffer target) {
    perform(
        new Request(Call.GET, key, offset, target.remaining()),
        target,
        () -> {
          inner.get(key, offset, target);
          return key;
        });
  }

  @Override
  public Fetched fetch(String key, int maximum) {
    return perform(new Request(Call.FETCH, key, 0, 0), null, () -> inner.fetch(key, maximum));
  }

  @Override
  public Optional<Stat> stat(String key) {
    return perform(new Request(Call.STAT, key, 0, 0), null, () -> inner.stat(key));
  }

  @Override
  public void delete(String key) {
    perform(
        new Request(Call.DELETE, key, 0, 0),
        null,
        () -> {
          inner.delete(key);
          return key;
        });
  }

  @Override
  public ListPage list(String prefix, String after, int limit) {
    return perform(
        new Request(Call.LIST, prefix, 0, 0), null, () -> inner.list(prefix, after, limit));
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public void close() {
    inner.close();
  }
}
