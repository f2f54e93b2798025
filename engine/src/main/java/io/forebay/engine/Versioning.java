package io.forebay.engine;

/** Whether a bucket keeps what is replaced and deleted. Once it did, it is never OFF again. */
public enum Versioning {
  OFF,
  ENABLED,
  /** Versions stay; what is written from now on is the key's null version. */
  SUSPENDED
}
