package io.forebay.engine.file;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.InodeId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits what nobody asks to be committed, so that it does not hold staging for ever. */
final class DirtyFlush {
  private static final Logger log = LoggerFactory.getLogger(DirtyFlush.class);

  private static final int WORKERS = 32;
  private static final int RELIEVED_AT_ONCE = 256;

  private final LiveFiles files;
  private final Commits commits;
  private final FileLimits limits;
  private final TimeSource time;
  private final CommitTurn relief = new CommitTurn();
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
    commit(files.all().stream().filter(live -> live.isDue(now, age)).toList());
    failing.keySet().removeIf(files::isClean);
  }

  /** Commits everything; throws the last failure after all have been tried. */
  void commitAll() {
    List<EngineException> failures =
        commit(files.all().stream().filter(live -> !live.isIdle()).toList());
    if (!failures.isEmpty()) {
      throw failures.getLast();
    }
  }

  /** Makes room when there is too much of all files: those with the oldest writes go first. */
  void relieve() {
    CommitTurn.Attempt attempt = relief.take();
    try {
      while (files.totals().isAbove(limits)) {
        List<LiveFile> oldest =
            files.all().stream()
                .filter(LiveFile::isDirty)
                .sorted(Comparator.comparingLong(LiveFile::dirtySinceNanos))
                .limit(RELIEVED_AT_ONCE)
                .toList();
        List<EngineException> failures = commit(oldest);
        if (!failures.isEmpty()) {
          throw failures.getLast();
        }
      }
    } finally {
      relief.end(attempt, null);
    }
  }

  /** Commits these, several at a time, so that they share forces and transactions. */
  private List<EngineException> commit(List<LiveFile> some) {
    Queue<LiveFile> left = new ConcurrentLinkedQueue<>(some);
    Queue<EngineException> failures = new ConcurrentLinkedQueue<>();
    Runnable work =
        () -> {
          for (LiveFile live = left.poll(); live != null; live = left.poll()) {
            EngineException failure = commit(live);
            if (failure != null) {
              failures.add(failure);
            }
          }
        };
    if (some.size() <= 1) {
      work.run();
    } else {
      try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < Math.min(WORKERS, some.size()); i++) {
          workers.execute(work);
        }
      }
    }
    return List.copyOf(failures);
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
