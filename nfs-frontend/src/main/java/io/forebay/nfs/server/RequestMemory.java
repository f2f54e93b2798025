package io.forebay.nfs.server;

import io.forebay.ambient.Invariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Room for long requests, from their first byte until they have been carried out, shared by all
 * connections: however many clients write at once, what they have under way stays within it. Served
 * in order, so nobody waits for ever. Thread-safe; never blocks.
 */
final class RequestMemory {
  private final long capacity;
  private final Queue<Claim> waiting = new ArrayDeque<>();
  private long free;

  RequestMemory(long capacity) {
    this.capacity = capacity;
    this.free = capacity;
  }

  /** Room that somebody waits for. */
  static final class Claim {
    private final long bytes;
    private final Runnable granted;

    private Claim(long bytes, Runnable granted) {
      this.bytes = bytes;
      this.granted = granted;
    }
  }

  /** What a claim led to: room now, or later. */
  sealed interface Outcome {
    record Now() implements Outcome {}

    record Later(Claim claim) implements Outcome {}
  }

  /**
   * Takes room.
   *
   * @param bytes to be given back by {@link #release}
   * @param granted when it has to wait: runs once there is room, which is taken then; on any thread
   */
  synchronized Outcome reserve(long bytes, Runnable granted) {
    Invariant.check(bytes <= capacity, "a request fits into the memory for requests", bytes);
    if (waiting.isEmpty() && bytes <= free) {
      free -= bytes;
      return new Outcome.Now();
    }
    Claim claim = new Claim(bytes, granted);
    waiting.add(claim);
    return new Outcome.Later(claim);
  }

  /** Whether the claim was still waiting; else its room has been taken and is to be released. */
  boolean cancel(Claim claim) {
    boolean waited;
    synchronized (this) {
      waited = waiting.remove(claim);
    }
    // Who stood behind a long claim may find room now.
    release(0);
    return waited;
  }

  void release(long bytes) {
    List<Claim> served = new ArrayList<>();
    synchronized (this) {
      free += bytes;
      Invariant.check(free <= capacity, "memory is given back once", free);
      for (Claim next = waiting.peek(); next != null && next.bytes <= free; ) {
        served.add(waiting.remove());
        free -= next.bytes;
        next = waiting.peek();
      }
    }
    served.forEach(claim -> claim.granted.run());
  }

  synchronized long used() {
    return capacity - free;
  }
}
