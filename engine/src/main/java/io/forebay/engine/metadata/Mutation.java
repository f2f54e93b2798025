package io.forebay.engine.metadata;

/** An operation on the metadata; runs on the writer thread, so it never blocks on anything else. */
@FunctionalInterface
public interface Mutation<T> {
  /** Throws to undo everything it did in this transaction. May run once only. */
  T apply(Transaction transaction);
}
