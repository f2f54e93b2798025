package io.forebay.engine;

/** What an acknowledged commit survives (design section 5). */
public enum Durability {
  /** Crash, kill -9 and power loss of the gateway; not the loss of its disks before upload. */
  LOCAL,
  /** As {@link #LOCAL}; and the loss of the whole machine: data and metadata are in the bucket. */
  BUCKET
}
