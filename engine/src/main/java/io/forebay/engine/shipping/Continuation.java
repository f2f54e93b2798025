package io.forebay.engine.shipping;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.VolumeId;
import io.forebay.engine.metadata.CommitLog;
import io.forebay.engine.metadata.ContinuityNote;
import io.forebay.engine.metadata.LogPlace;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.ObjectStore.ListPage;
import io.forebay.engine.object.ObjectStore.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds out at a start whether this database is what the log in the bucket leads to. It is, when
 * the local log still has the place at which the last object ends; or when everything was shipped
 * before the local log began anew, and nobody else has written since.
 */
final class Continuation {
  private final CommitLog commits;
  private final ObjectStore store;
  private final VolumeId volume;

  Continuation(CommitLog commits, ObjectStore store, VolumeId volume) {
    this.commits = commits;
    this.store = store;
    this.volume = volume;
  }

  /** What was found. */
  sealed interface Found {}

  /** A new generation has to begin, with a snapshot. */
  record Fresh(long generation) implements Found {}

  /**
   * The generation goes on.
   *
   * @param sequence of the last object
   * @param digest of that
   * @param place where it ends in the local log
   * @param snapshotSequence of the newest complete snapshot; -1 without one
   */
  record GoesOn(
      ContinuityNote.Content note,
      long sequence,
      Digest digest,
      LogPlace place,
      long snapshotSequence)
      implements Found {}

  private record Last(long sequence, Digest digest, LogPlace end) {}

  /**
   * Looks.
   *
   * @throws EngineException {@link ErrorCode#FENCED} when the bucket has what this database lacks
   */
  Found find() throws IOException {
    Optional<ContinuityNote.Content> note = commits.note().read();
    long newest = Math.max(newest(LogKeys.LOGS), newest(LogKeys.SNAPSHOTS));
    if (note.isEmpty()) {
      return new Fresh(newest + 1);
    }
    ContinuityNote.Content noted = note.get();
    if (newest > noted.generation()) {
      throw ahead("a later generation of the log");
    }
    Optional<Last> last = last(noted);
    if (last.isEmpty()) {
      return new Fresh(newest + 1);
    }
    Last end = last.get();
    if (!end.end().equals(LogPlace.BEGINNING) && commits.has(end.end())) {
      return goesOn(noted, end, end.end());
    }
    if (end.sequence() > noted.sequence()) {
      throw ahead("commits");
    }
    return end.digest().hex().equals(noted.digest()) && isUntouched(noted)
        ? goesOn(noted, end, LogPlace.BEGINNING)
        : new Fresh(newest + 1);
  }

  private GoesOn goesOn(ContinuityNote.Content noted, Last last, LogPlace place) {
    return new GoesOn(
        noted, last.sequence(), last.digest(), place, newestSnapshot(noted.generation()));
  }

  /** Whether nobody but the keeper's own writer has written since the local log began anew. */
  private boolean isUntouched(ContinuityNote.Content noted) throws IOException {
    if (noted.isResetting()) {
      return commits.isEmpty();
    }
    CommitLog.FileState file = commits.fileState();
    return file.bytes() == noted.databaseBytes()
        && file.modifiedNanos() == noted.databaseModifiedNanos();
  }

  private EngineException ahead(String what) {
    return new EngineException(
        ErrorCode.FENCED,
        "the bucket ("
            + store.describe()
            + ") has "
            + what
            + " that this data directory lacks: it is an old copy, or its disk has lost writes, or"
            + " another gateway went on with the volume. Recover it from the bucket (forebay"
            + " recover) into an empty directory. If you are sure that this one is the newer,"
            + " delete the file metadata/shipped in it");
  }

  /** The highest generation with objects in a folder; 0 without any. */
  private long newest(String folder) {
    long newest = 0;
    String after = "";
    while (true) {
      ListPage page = store.list(folder, after, 1);
      if (page.objects().isEmpty()) {
        return newest;
      }
      String key = page.objects().getFirst().key();
      OptionalLong generation = generation(key);
      after = generation.isPresent() ? LogKeys.afterAll(folder, generation.getAsLong()) : key;
      newest = Math.max(newest, generation.orElse(0));
    }
  }

  private static OptionalLong generation(String key) {
    Optional<LogKeys.Place> place =
        key.startsWith(LogKeys.LOGS) ? LogKeys.parseLog(key) : LogKeys.parseSnapshot(key);
    return place.map(found -> OptionalLong.of(found.generation())).orElse(OptionalLong.empty());
  }

  /** The last object from the noted one on; empty when not even that is there. */
  private Optional<Last> last(ContinuityNote.Content noted) {
    Optional<Stat> newest = Optional.empty();
    String prefix = LogKeys.logs(noted.generation());
    String after = LogKeys.log(noted.generation(), noted.sequence());
    while (true) {
      ListPage page = store.list(prefix, after, ObjectStore.MAX_LIST_PAGE);
      for (Stat object : page.objects()) {
        after = object.key();
        // In this order a higher epoch of the same number comes later, and counts.
        newest = LogKeys.parseLog(object.key()).isPresent() ? Optional.of(object) : newest;
      }
      if (!page.truncated()) {
        break;
      }
    }
    if (newest.isEmpty()) {
      return noted.sequence() == 0
          ? Optional.of(new Last(0, new Digest(noted.digest()), LogPlace.BEGINNING))
          : Optional.empty();
    }
    return Optional.of(read(newest.get()));
  }

  private Last read(Stat object) {
    try {
      if (object.size() < PagesObject.HEADER_BYTES + Digest.BYTES) {
        throw new DamagedLogException("it is too short");
      }
      ByteBuffer head = ByteBuffer.allocate(PagesObject.HEADER_BYTES);
      store.get(object.key(), 0, head);
      ByteBuffer foot = ByteBuffer.allocate(Digest.BYTES);
      store.get(object.key(), object.size() - Digest.BYTES, foot);
      PagesObject.Header header = PagesObject.header(head.flip());
      if (!header.volume().equals(volume)) {
        throw new DamagedLogException("it is of another volume");
      }
      return new Last(header.place().sequence(), Digest.read(foot.flip()), header.to());
    } catch (DamagedLogException e) {
      throw new EngineException(
          ErrorCode.CORRUPT, object.key() + " in the bucket is damaged: " + e.getMessage(), e);
    }
  }

  private long newestSnapshot(long generation) {
    long newest = -1;
    String folder = LogKeys.snapshots(generation);
    String after = "";
    while (true) {
      ListPage page = store.list(folder, after, ObjectStore.MAX_LIST_PAGE);
      for (Stat object : page.objects()) {
        after = object.key();
        if (LogKeys.isManifest(object.key())) {
          newest =
              Math.max(
                  newest,
                  LogKeys.parseSnapshot(object.key()).map(LogKeys.Place::sequence).orElse(-1L));
        }
      }
      if (!page.truncated()) {
        return newest;
      }
    }
  }
}
