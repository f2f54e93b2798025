package io.forebay.testkit;

import io.forebay.ambient.Invariant;
import io.forebay.ambient.TimeSource;
import io.forebay.engine.object.Body;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** A bucket in memory that keeps the contract of {@link ObjectStore} to the letter. Thread-safe. */
public final class MemoryObjectStore implements ObjectStore {
  private record Stored(byte[] bytes, String version, long modifiedNanos) {}

  private final ConcurrentNavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final AtomicLong versions = new AtomicLong();
  private final TimeSource time;

  public MemoryObjectStore() {
    this(new ManualClock());
  }

  public MemoryObjectStore(TimeSource time) {
    this.time = time;
  }

  // --- for tests

  /** All keys, in order. */
  public List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  /** An object's bytes, copied. */
  public byte[] bytes(String key) {
    return existing(key).bytes().clone();
  }

  /** Puts whatever bytes there, as somebody else with access to the bucket might. */
  public void plant(String key, byte[] bytes) {
    objects.put(key, stored(bytes.clone()));
  }

  /** Flips a bit of an object for good. */
  public void flipBit(String key, int at) {
    byte[] bytes = bytes(key);
    bytes[at] ^= 1;
    plant(key, bytes);
  }

  // --- ObjectStore

  private Stored stored(byte[] bytes) {
    return new Stored(bytes, "v" + versions.incrementAndGet(), time.epochNanos());
  }

  private Stored existing(String key) {
    Stored found = objects.get(key);
    if (found == null) {
      throw new StoreException(Kind.MISSING, "no object " + key);
    }
    return found;
  }

  @Override
  public String put(String key, Body body) {
    checkKey(key);
    Invariant.check(body.length() >= 1, "an object has 1 byte or more", body.length());
    Stored stored = stored(read(body));
    objects.put(key, stored);
    return stored.version();
  }

  private static byte[] read(Body body) {
    try (InputStream in = body.open()) {
      byte[] bytes = in.readAllBytes();
      if (bytes.length != body.length()) {
        throw new StoreException(
            Kind.CORRUPT, "a body had " + bytes.length + " bytes instead of " + body.length());
      }
      return bytes;
    } catch (IOException e) {
      throw new StoreException(Kind.DOWN, "the body could not be read: " + e, e);
    }
  }

  @Override
  public String putIf(String key, ByteBuffer body, Optional<String> expected) {
    checkKey(key);
    byte[] bytes = new byte[body.remaining()];
    Invariant.check(bytes.length >= 1, "an object has 1 byte or more", bytes.length);
    body.duplicate().get(bytes);
    Stored stored = stored(bytes);
    objects.compute(
        key,
        (k, there) -> {
          if (!Optional.ofNullable(there).map(Stored::version).equals(expected)) {
            throw new StoreException(Kind.CONFLICT, key + " has another version");
          }
          return stored;
        });
    return stored.version();
  }

  @Override
  public void get(String key, long offset, ByteBuffer target) {
    checkKey(key);
    Invariant.check(offset >= 0, "offset", offset);
    byte[] bytes = existing(key).bytes();
    if (offset + target.remaining() > bytes.length) {
      throw new StoreException(Kind.CORRUPT, key + " has " + bytes.length + " bytes only");
    }
    target.put(bytes, (int) offset, target.remaining());
  }

  @Override
  public Fetched fetch(String key, int maximum) {
    checkKey(key);
    Stored found = existing(key);
    if (found.bytes().length > maximum) {
      throw new StoreException(Kind.CORRUPT, key + " has too many bytes");
    }
    return new Fetched(ByteBuffer.wrap(found.bytes().clone()), found.version());
  }

  @Override
  public Optional<Stat> stat(String key) {
    checkKey(key);
    return Optional.ofNullable(objects.get(key)).map(found -> statOf(key, found));
  }

  private static Stat statOf(String key, Stored found) {
    return new Stat(key, found.bytes().length, found.version(), found.modifiedNanos());
  }

  @Override
  public void delete(String key) {
    checkKey(key);
    objects.remove(key);
  }

  @Override
  public ListPage list(String prefix, String after, int limit) {
    Invariant.check(limit >= 1 && limit <= MAX_LIST_PAGE, "list limit", limit);
    List<Stat> page = new ArrayList<>();
    for (var each : objects.tailMap(after, false).entrySet()) {
      if (!each.getKey().startsWith(prefix)) {
        continue;
      }
      if (page.size() == limit) {
        return new ListPage(page, true);
      }
      page.add(statOf(each.getKey(), each.getValue()));
    }
    return new ListPage(page, false);
  }

  private static void checkKey(String key) {
    Invariant.check(
        key.length() <= 512 && key.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*"), "not a key");
    for (String component : key.split("/", -1)) {
      Invariant.check(!component.matches("\\.\\.?"), "a component of a key is dots");
    }
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public void close() {
    // Nothing to let go of: a bucket outlives its clients.
  }
}
