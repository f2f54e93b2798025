package io.forebay.testkit;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** Seeds of random tests: printed, and replayed by {@code -Dforebay.seed=NUMBER}. */
public final class Seeds {
  private static final String PROPERTY = "forebay.seed";

  private Seeds() {}

  /**
   * The seed of the run that was asked for, or a new one.
   *
   * @param test what to print it with
   */
  public static long next(String test) {
    Long replayed = Long.getLong(PROPERTY);
    long seed = replayed == null ? ThreadLocalRandom.current().nextLong() : replayed;
    System.out.println(test + ": -D" + PROPERTY + "=" + seed);
    return seed;
  }

  /** A generator from {@link #next}. Thread-safe. */
  public static Random random(String test) {
    return new Random(next(test));
  }

  /** Random bytes. */
  public static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /**
   * Bytes that differ from those of any other number, for tests that are not random; the same for
   * the same number.
   */
  public static byte[] bytesOf(long number, int length) {
    return bytes(new Random(number), length);
  }
}
