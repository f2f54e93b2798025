package io.forebay.engine.metadata;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is committed, in memory. This process is the only writer, so what stands here is true: the
 * writer publishes every change after its commit and before it answers.
 *
 * <p>The danger is a reader that loads a value from a snapshot taken before a commit and stores it
 * after the commit was published. Each stripe of keys has a stamp that publishing moves first; a
 * load whose stripe has moved since it began gives its caller the value and does not keep it.
 *
 * @param <V> the value; absence is cached too, as an empty Optional
 */
public final class CommittedCache<K, V> {
  private static final int STRIPES = 4096;

  private final Cache<K, Optional<V>> cache;
  private final AtomicLongArray stamps = new AtomicLongArray(STRIPES);

  /**
   * @param maximumEntries bound on the number of entries
   */
  public CommittedCache(long maximumEntries) {
    this.cache = Caffeine.newBuilder().maximumSize(maximumEntries).build();
  }

  /** The value, or what {@code loader} finds; the loader runs without any lock held. */
  public Optional<V> get(K key, Function<K, Optional<V>> loader) {
    Optional<V> cached = cache.getIfPresent(key);
    if (cached != null) {
      return cached;
    }
    long stamp = stamps.get(stripe(key));
    Optional<V> loaded = loader.apply(key);
    offer(key, loaded, stamp);
    return loaded;
  }

  /** The value when it is in memory and not an absence. */
  public Optional<V> peek(K key) {
    Optional<V> cached = cache.getIfPresent(key);
    return cached == null ? Optional.empty() : cached;
  }

  /** Whether the key's value, or its absence, is in memory. */
  public boolean knows(K key) {
    return cache.getIfPresent(key) != null;
  }

  /** To be read before a query whose rows are then {@link #offer offered}. */
  public long stamp(K key) {
    return stamps.get(stripe(key));
  }

  /** Keeps a value that was loaded, unless the key's stripe was published since {@code stamp}. */
  public void offer(K key, Optional<V> loaded, long stamp) {
    cache.asMap().compute(key, (k, there) -> keep(key, there, loaded, stamp));
  }

  private @Nullable Optional<V> keep(
      K key, @Nullable Optional<V> there, Optional<V> loaded, long stamp) {
    if (there != null) {
      return there;
    }
    return stamps.get(stripe(key)) == stamp ? loaded : null;
  }

  /** A commit gave the key this value. */
  public void publish(K key, Optional<V> value) {
    stamps.incrementAndGet(stripe(key));
    cache.put(key, value);
  }

  /** A commit changed the key's value; the next reader loads it. */
  public void invalidate(K key) {
    stamps.incrementAndGet(stripe(key));
    cache.invalidate(key);
  }

  private int stripe(K key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return (hash >>> 20) % STRIPES;
  }
}
