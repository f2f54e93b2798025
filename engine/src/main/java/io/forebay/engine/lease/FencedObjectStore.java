package io.forebay.engine.lease;

import io.forebay.engine.object.Body;
import io.forebay.engine.object.ObjectStore;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A bucket that takes changes only while the lease holds. Below retries: each attempt asks anew.
 * What was sent before the end of the lease may arrive after it; so keys of what is put carry the
 * epoch, and what is deleted is named by nothing that was ever shipped.
 */
public final class FencedObjectStore implements ObjectStore {
  private final ObjectStore inner;
  private final VolumeLease lease;

  /**
   * @param inner one attempt a call; not closed with this
   */
  public FencedObjectStore(ObjectStore inner, VolumeLease lease) {
    this.inner = inner;
    this.lease = lease;
  }

  @Override
  public String put(String key, Body body) {
    lease.requireHeld();
    return inner.put(key, body);
  }

  @Override
  public String putIf(String key, ByteBuffer body, Optional<String> expected) {
    lease.requireHeld();
    return inner.putIf(key, body, expected);
  }

  @Override
  public void delete(String key) {
    lease.requireHeld();
    inner.delete(key);
  }

  @Override
  public void get(String key, long offset, ByteBuffer target) {
    inner.get(key, offset, target);
  }

  @Override
  public Fetched fetch(String key, int maximum) {
    return inner.fetch(key, maximum);
  }

  @Override
  public Optional<Stat> stat(String key) {
    return inner.stat(key);
  }

  @Override
  public ListPage list(String prefix, String after, int limit) {
    return inner.list(prefix, after, limit);
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public void close() {
    // The bucket outlives the lease: whoever opened it closes it.
  }
}
