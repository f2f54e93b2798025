package io.forebay.engine.file;

import io.forebay.ambient.Invariant;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Inode;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Inodes held open in this process, and inodes without a name that live on because of it.
 *
 * <p>An open and the unlink of the last name race. Whoever opens counts itself first and then looks
 * at the inode. The unlink, inside its transaction, either sees the count and makes the inode an
 * orphan, or marks it as dying and discards it, in one step. An open that meets a mark waits for
 * the outcome behind a transaction of its own, since the marking one may yet fail.
 *
 * <p>Thread-safe; no method holds a lock over another component.
 */
public final class Holds {
  private static final int PAGE = 256;

  /**
   * What is known of an inode.
   *
   * @param count who holds it
   * @param dying a transaction that discards it is under way, or has failed
   */
  private record State(int count, boolean dying) {
    static final State NONE = new State(0, false);

    boolean isNothing() {
      return count == 0 && !dying;
    }
  }

  private final MetadataStore store;
  private final Consumer<InodeId> onDiscard;
  private final ConcurrentHashMap<InodeId, State> states = new ConcurrentHashMap<>();
  private final Set<InodeId> orphans = ConcurrentHashMap.newKeySet();
  private final Set<InodeId> abandoned = ConcurrentHashMap.newKeySet();

  /**
   * Takes up the orphans of the last run: they can be opened until they are released.
   *
   * @param onDiscard runs after the commit that discards an inode; must not block
   */
  Holds(MetadataStore store, Consumer<InodeId> onDiscard) {
    this.store = store;
    this.onDiscard = onDiscard;
    long after = 0;
    List<InodeId> page;
    do {
      long from = after;
      page = store.read(snapshot -> snapshot.orphans(from, PAGE));
      orphans.addAll(page);
      after = page.isEmpty() ? after : page.getLast().value();
    } while (page.size() == PAGE);
  }

  /**
   * Whether somebody holds the inode open, or tries to. Work that deletes inodes leaves those for
   * later. It meets only attempts, which will fail: what is held is not discarded, and what is
   * discarded cannot be opened.
   */
  public boolean isHeld(InodeId id) {
    State state = states.get(id);
    return state != null && state.count() > 0;
  }

  /** Whether an inode as committed can still be reached: by a name, or because it was held. */
  boolean isReachable(Inode inode) {
    return inode.attributes().linkCount() > 0 || orphans.contains(inode.id());
  }

  // --- holding

  /**
   * Holds an inode; {@link #release} undoes it.
   *
   * @return the inode as committed
   * @throws EngineException {@link ErrorCode#STALE}
   */
  Inode hold(InodeId id) {
    State before = change(id, state -> new State(state.count() + 1, state.dying()));
    boolean held = false;
    try {
      Optional<Inode> inode = before.dying() ? settle(id) : store.inode(id);
      Inode reachable =
          inode
              .filter(this::isReachable)
              .orElseThrow(() -> new EngineException(ErrorCode.STALE, id + " is gone"));
      held = true;
      return reachable;
    } finally {
      if (!held) {
        release(id);
      }
    }
  }

  /** As {@link #hold}, also of an inode without a name; whether it is to go, the caller checks. */
  void holdNameless(InodeId id) {
    change(id, state -> new State(state.count() + 1, state.dying()));
  }

  /** The inode after whatever wanted to discard it has ended; a mark left by a failure goes. */
  private Optional<Inode> settle(InodeId id) {
    return store.write(tx -> {
      Optional<Inode> inode = tx.inode(id);
      if (inode.filter(there -> there.attributes().linkCount() > 0).isPresent()) {
        unmark(id);
      }
      return inode;
    });
  }

  /** Lets go. The last one to do so of an inode without a name discards it. */
  void release(InodeId id) {
    State before =
        change(
            id,
            state -> {
              Invariant.check(state.count() > 0, "released more often than held", id.value());
              return new State(state.count() - 1, state.dying());
            });
    if (before.count() == 1 && orphans.contains(id)) {
      discardUnheld(List.of(id));
    }
  }

  // --- inside transactions

  /** The last name goes: orphan while held, else discard. */
  void lastNameGone(Transaction tx, InodeId id) {
    // Noted first, so that who lets go from here on finds it; a note that is left behind by a
    // failed transaction is dropped by the last release.
    orphans.add(id);
    if (mark(tx, id)) {
      orphans.remove(id);
      tx.discard(id);
    } else {
      tx.orphan(id);
    }
  }

  /**
   * Takes an inode's last name away without discarding it, unless it is held: nobody can open it
   * from then on.
   *
   * @return whether it was not held
   */
  boolean detach(Transaction tx, InodeId id) {
    return mark(tx, id);
  }

  /** Marks an inode as dying unless it is held. */
  private boolean mark(Transaction tx, InodeId id) {
    State before = change(id, state -> state.count() > 0 ? state : new State(0, true));
    if (before.count() > 0) {
      return false;
    }
    tx.onCommit(() -> {
      orphans.remove(id);
      unmark(id);
      onDiscard.accept(id);
    });
    return true;
  }

  private void unmark(InodeId id) {
    change(id, state -> new State(state.count(), false));
  }

  // --- orphans

  /** Discards orphans that nobody holds: those of the last run included. */
  void releaseOrphans() {
    discardUnheld(List.copyOf(orphans));
  }

  /** Tries again to discard orphans whose discarding failed when their last holder let go. */
  void discardAbandoned() {
    if (!abandoned.isEmpty()) {
      discardUnheld(List.copyOf(abandoned));
    }
  }

  private void discardUnheld(List<InodeId> ids) {
    for (int from = 0; from < ids.size(); from += PAGE) {
      List<InodeId> some = ids.subList(from, Math.min(ids.size(), from + PAGE));
      abandoned.addAll(some);
      store.write(tx -> {
        some.forEach(id -> discardUnheld(tx, id));
        return true;
      });
      some.forEach(abandoned::remove);
    }
  }

  private void discardUnheld(Transaction tx, InodeId id) {
    Optional<Inode> inode = tx.inode(id);
    if (inode.filter(there -> there.attributes().linkCount() == 0).isEmpty()) {
      orphans.remove(id);
    } else if (mark(tx, id)) {
      tx.discardOrphan(id);
    }
  }

  private interface Step {
    State of(State before);
  }

  /** Applies a step; returns the state before it. */
  private State change(InodeId id, Step step) {
    State[] before = {State.NONE};
    states.compute(
        id,
        (key, present) -> {
          before[0] = present == null ? State.NONE : present;
          State after = step.of(before[0]);
          return after.isNothing() ? null : after;
        });
    return before[0];
  }
}
