package io.forebay.engine.shipping;

import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.ObjectStore.ListPage;
import io.forebay.engine.object.ObjectStore.Stat;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Deletes what no recovery needs: everything older than the last two complete snapshots. With fewer
 * nothing is deleted; nor after a listing that failed.
 */
final class LogRetention {
  static final Comparator<LogKeys.Place> OLDEST_FIRST =
      Comparator.comparingLong(LogKeys.Place::generation)
          .thenComparingLong(LogKeys.Place::sequence)
          .thenComparingLong(LogKeys.Place::epoch);

  private final ObjectStore store;

  LogRetention(ObjectStore store) {
    this.store = store;
  }

  void run() {
    LogKeys.Place[] kept = new LogKeys.Place[2];
    forEach(
        LogKeys.SNAPSHOTS,
        object -> {
          if (LogKeys.isManifest(object.key())) {
            LogKeys.parseSnapshot(object.key())
                .ifPresent(place -> {
                  // Listings are in this order.
                  kept[0] = kept[1];
                  kept[1] = place;
                });
          }
          return true;
        });
    LogKeys.Place oldest = kept[0];
    if (oldest == null) {
      return;
    }
    // First what makes a snapshot complete, so that none is seen that is not.
    deleteBefore(oldest, LogKeys::isManifest);
    deleteBefore(oldest, key -> !LogKeys.isManifest(key));
    forEach(
        LogKeys.LOGS,
        object -> {
          Optional<LogKeys.Place> place = LogKeys.parseLog(object.key());
          boolean old =
              place
                  .filter(found ->
                      found.generation() < oldest.generation()
                          || (found.generation() == oldest.generation()
                              && found.sequence() <= oldest.sequence()))
                  .isPresent();
          if (old) {
            store.delete(object.key());
          }
          return old || place.isEmpty();
        });
  }

  private void deleteBefore(LogKeys.Place oldest, Predicate<String> which) {
    forEach(
        LogKeys.SNAPSHOTS,
        object -> {
          Optional<LogKeys.Place> place = LogKeys.parseSnapshot(object.key());
          boolean old = place.filter(found -> OLDEST_FIRST.compare(found, oldest) < 0).isPresent();
          if (old && which.test(object.key())) {
            store.delete(object.key());
          }
          return old || place.isEmpty();
        });
  }

  /** Goes through a folder, until told to stop. */
  private void forEach(String folder, Predicate<Stat> goesOn) {
    String after = "";
    while (true) {
      ListPage page = store.list(folder, after, ObjectStore.MAX_LIST_PAGE);
      for (Stat object : page.objects()) {
        after = object.key();
        if (!goesOn.test(object)) {
          return;
        }
      }
      if (!page.truncated()) {
        return;
      }
    }
  }
}
