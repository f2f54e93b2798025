package io.forebay.engine.file;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.InodeId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits what nobody asks to be committed, so that it does not hold staging for ever. */
final class DirtyFlush {
  private static final Logger log = LoggerFactory.getLogger(DirtyFlush.class);

  private final LiveFiles files;
  private final Commits commits;
  private final FileLimits limits;
  private final TimeSource time;
  private final Map<InodeId, String> failing = new ConcurrentHashMap<>();

  DirtyFlush(LiveFiles files, Commits commits, FileLimits limits, TimeSource time) {
    this.files = files;
    this.commits = commits;
    this.limits = limits;
    this.time = time;
  }

  /** Commits files whose oldest uncommitted write is old. */
  void runOnce() {
    long now = time.monotonicNanos();
    long age = limits.dirtyAge().toNanos();
    for (LiveFile live : files.all()) {
      if (live.isDue(now, age)) {
        commit(live);
      }
    }
    failing.keySet().removeIf(id -> files.isClean(id));
  }

  /** Commits everything; throws the last failure after all have been tried. */
  void commitAll() {
    EngineException last = null;
    for (LiveFile live : files.all()) {
      if (!live.isIdle()) {
        EngineException failure = commit(live);
        last = failure == null ? last : failure;
      }
    }
    if (last != null) {
      throw last;
    }
  }

  private @Nullable EngineException commit(LiveFile candidate) {
    LiveFile live;
    try {
      live = files.acquire(candidate.id());
    } catch (EngineException e) {
      return Commits.isGone(e) ? null : e;
    }
    try {
      commits.commit(live, Durability.LOCAL);
      if (failing.remove(live.id()) != null) {
        log.info("uncommitted writes of {} are durable now", live.id());
      }
      return null;
    } catch (EngineException e) {
      if (Commits.isGone(e)) {
        live.drop();
        return null;
      }
      if (failing.put(live.id(), e.getMessage()) == null) {
        log.warn("uncommitted writes of {} cannot be made durable: {}", live.id(), e.toString());
      }
      return e;
    } finally {
      files.release(live);
    }
  }

  List<String> problems() {
    return failing.entrySet().stream()
        .limit(10)
        .map(each ->
            "uncommitted writes of "
                + each.getKey()
                + " cannot be made durable: "
                + each.getValue())
        .toList();
  }
}
