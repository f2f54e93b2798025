package io.forebay.s3.http;

import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Names of requests: 16 hex digits, different for each request of a process, unlikely to meet those
 * of another. Cheap enough for event loops. Thread-safe.
 */
public final class RequestIds {
  /** Weyl sequence and finalizer of SplitMix64: a bijection, so ids do not repeat. */
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private static final int HOST_ID_BYTES = 48;

  private final AtomicLong state;
  private final String hostId;

  public RequestIds(RandomGenerator random) {
    this.state = new AtomicLong(random.nextLong());
    byte[] host = new byte[HOST_ID_BYTES];
    random.nextBytes(host);
    this.hostId = Base64.getEncoder().encodeToString(host);
  }

  /** Names this process where S3 names the machine that answered. */
  public String hostId() {
    return hostId;
  }

  public String next() {
    long z = state.addAndGet(STEP);
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return String.format(Locale.ROOT, "%016X", z ^ z >>> 31);
  }
}
