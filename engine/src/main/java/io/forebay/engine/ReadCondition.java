package io.forebay.engine;

/**
 * Decides on an object while it is pinned, before anything is copied or returned; throws {@link
 * ErrorCode#CONDITION_FAILED} (or what the frontend wants to see again) to refuse.
 */
@FunctionalInterface
public interface ReadCondition {
  ReadCondition ALWAYS = info -> {};

  void check(ObjectInfo info);
}
