package io.forebay.engine;

/** What must hold, inside the commit transaction, for a write or delete to happen. */
public sealed interface WriteCondition {
  /** Nothing. */
  record Always() implements WriteCondition {}

  /** No object of that key ({@code If-None-Match: *}). */
  record IfAbsent() implements WriteCondition {}

  /**
   * An object with that ETag ({@code If-Match}); {@code "*"}: any object. Absent object: {@link
   * ErrorCode#NOT_FOUND}.
   *
   * @param etag without quotes
   */
  record IfMatches(String etag) implements WriteCondition {}

  WriteCondition ALWAYS = new Always();
  WriteCondition IF_ABSENT = new IfAbsent();
}
