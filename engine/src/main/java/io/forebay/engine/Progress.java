package io.forebay.engine;

/** Hears how far long work is. Called on the thread that works; must not block. */
public interface Progress {
  /** Nobody listens. */
  Progress NONE = (step, done, total) -> {};

  /**
   * @param step what is being done, for people
   * @param done so far
   * @param total in all, or -1 when that is not known
   */
  void at(String step, long done, long total);
}
